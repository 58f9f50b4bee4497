import type { HandlerOptions } from "sessionwire";
import { quotedOption, type StoreUrl } from "./store-url.ts";

/**
 * Returns the options of a handler: those in its URL, and those passed separately.
 *
 * @param others - Further options that the URL may have.
 * @throws `TypeError` for an unknown option, or one that was given both ways.
 */
export function handlerOptions<Options extends HandlerOptions>(
  { scheme, query }: StoreUrl,
  given: Options,
  others: readonly string[],
): Options {
  const names: readonly string[] = ["prefix", "maxBytes", "timeoutMs"];
  const known = [...names, ...others];
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const quoted = quotedOption(unknown, [...query].join());
    throw new TypeError(`A URL with ${scheme}: does not have the option ${quoted}; it has ${known.join(", ")}.`);
  }
  const twice = Object.entries(given).find(([name, value]) => value !== undefined && query.has(name));
  if (twice) throw new TypeError(`The option "${twice[0]}" is given both in the URL and separately.`);
  const { prefix = query.get("prefix"), maxBytes, timeoutMs } = given;
  return {
    ...given,
    prefix,
    maxBytes: maxBytes ?? numberIn(query, "maxBytes"),
    timeoutMs: timeoutMs ?? numberIn(query, "timeoutMs"),
  };
}

/** Reads a value that must be a whole number. Its range is checked elsewhere. */
export function numberIn(query: StoreUrl["query"], name: string): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`${name} must be a whole number.`);
}
