import type { HandlerOptions } from "sessionwire";
import type { StoreAddress } from "./address.ts";

/** The options of every handler that the URL names; `others` are for the caller. */
export function handlerOptions({ scheme, query }: StoreAddress, others: readonly string[]): HandlerOptions {
  const known = ["prefix", "maxBytes", "timeoutMs", ...others];
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`A URL with ${scheme}: has no option "${unknown}"; it has ${known.join(", ")}.`);
  }
  return {
    prefix: query.get("prefix"),
    maxBytes: numberIn(query, "maxBytes"),
    timeoutMs: numberIn(query, "timeoutMs"),
  };
}

/** What the handler makes of a number is its own; here it must be one. */
export function numberIn(query: StoreAddress["query"], name: string): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`${name} must be a whole number.`);
}
