import { inspect } from "node:util";
import { holds } from "../contract.ts";
import type { Made } from "./running-call.ts";

/** Minimum number of bytes to search for: fewer occur in many texts. */
const MIN_LENGTH = 8;

/** Checks that an error reveals neither the id nor data. */
export function expectNoSecrets({ error, args: [id, data] }: Made, contents: readonly unknown[]): void {
  const said = textOf(error);
  holds(35, typeof id !== "string" || !said.includes(id), "An error contains the id of a session");
  for (const each of [data, ...contents]) {
    if (!(each instanceof Uint8Array) || each.length < MIN_LENGTH) continue;
    holds(35, !said.includes(new TextDecoder().decode(each)), "An error contains the data of a session");
  }
}

/**
 * Returns true if the data can be read in the stored bytes. Data that is short or repetitive does not count, because it
 * occurs anywhere.
 */
export function shows(stored: Uint8Array, data: Uint8Array): boolean {
  return data.length >= MIN_LENGTH && new Set(data).size >= 4 && Buffer.from(stored).includes(Buffer.from(data));
}

/** Returns everything that an error says, except for the locations in its stack, which take long to compute. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const { name, message, cause } = error;
  return [name, message, inspect({ ...error }), cause === undefined ? "" : textOf(cause)].join("\n");
}
