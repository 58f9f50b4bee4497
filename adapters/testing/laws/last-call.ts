import { printCall } from "../print.ts";

/** A handler that remembers its last call. */
export interface Remembering<Handler> {
  readonly handler: Handler;
  /** Returns the last call as it would be written in code; `undefined` before the first. */
  lastCall(): string | undefined;
}

/** Remembers the calls on a handler, so that a failure can name the call it concerns. */
export function rememberCalls<Handler extends object>(inner: Handler): Remembering<Handler> {
  let last: readonly [method: string, args: readonly unknown[]] | undefined;
  const handler = new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]): unknown => {
        // The caller may change the data later, to check that it was copied.
        const given = args.map((each) => (each instanceof Uint8Array ? each.slice() : each));
        if (typeof name === "string") last = [name, given];
        return value.apply(target, args);
      };
    },
  });
  return { handler, lastCall: () => last && printCall(...last) };
}
