import { inspect } from "node:util";
import { holds } from "../contract.ts";
import type { Made } from "./running-call.ts";

/** Fewer bytes stand in many a text. */
const MIN_LENGTH = 8;

/** An error tells neither the id nor data. */
export function expectNoSecrets({ error, args: [id, data] }: Made, contents: readonly unknown[]): void {
  const said = textOf(error);
  holds(35, typeof id !== "string" || !said.includes(id), "An error contains the id of a session");
  for (const each of [data, ...contents]) {
    if (!(each instanceof Uint8Array) || each.length < MIN_LENGTH) continue;
    holds(35, !said.includes(new TextDecoder().decode(each)), "An error contains the data of a session");
  }
}

/** True if the data can be read in the stored bytes. Few bytes, or always the same, are found anywhere. */
export function shows(stored: Uint8Array, data: Uint8Array): boolean {
  return data.length >= MIN_LENGTH && new Set(data).size >= 4 && Buffer.from(stored).includes(Buffer.from(data));
}

/** All that an error says, but for the places in its stack, which take long to be found. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const { name, message, cause } = error;
  return [name, message, inspect({ ...error }), cause === undefined ? "" : textOf(cause)].join("\n");
}
