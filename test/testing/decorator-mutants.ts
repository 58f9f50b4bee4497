import { type SessionHandler, withConnectionCheck, withTimeout } from "sessionwire";
import type { Decorate } from "sessionwire/testing";

/** A broken decorator that a case of the law must find. */
interface DecoratorMutant {
  readonly law: number;
  readonly bug: string;
  readonly subject: Decorate;
}

/** Broken in what shows only around a handler that holds sessions, or in a stack of decorators. */
export const decoratorMutants: readonly DecoratorMutant[] = [
  {
    law: 103,
    bug: "what was read last is what the next write replaces",
    subject(handler, clock) {
      const decorated = withTimeout(handler, { clock });
      return {
        ...decorated,
        async write(id, data, options) {
          const result = await decorated.write(id, data, options);
          if (result.written || !result.current) return result;
          return decorated.write(id, data, { ...options, replaces: result.current.version });
        },
      };
    },
  },
  {
    law: 104,
    bug: "the outer one of two decorators does not tell the inner one of the signal",
    subject(handler, clock) {
      const inner: SessionHandler = withConnectionCheck(handler, { clock });
      const read: SessionHandler["read"] = (id, options) =>
        inner.read(id, { ...options, signal: undefined, cancellation: undefined });
      return withTimeout({ ...inner, read }, { clock });
    },
  },
];
