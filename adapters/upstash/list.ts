import type { KeyPage } from "sessionwire/backend";
import { escapeGlob } from "../redis-replies/glob.ts";
import { bytesIn, notTheStore, textIn } from "./answers.ts";
import { textOf } from "./bytes.ts";

/** Number of keys that the server looks at for a page. */
const LOOKED_AT = "100";

const START = "0";

const MARK = "~".charCodeAt(0);

/**
 * Returns the arguments of the script, for keys that start with `prefix`. https://redis.io/docs/latest/commands/scan/
 */
export function listArguments(prefix: string, cursor: string | undefined): string[] {
  return [cursor ?? START, `${escapeGlob(prefix)}*`, LOOKED_AT];
}

/** Reads the answer of the script. */
export function pageOf(reply: unknown): KeyPage {
  if (!Array.isArray(reply)) throw notTheStore();
  const [next = "", ...keys] = reply.map(unmarked).map(textOf);
  if (next === undefined || !/^\d+$/.test(next)) throw notTheStore();
  // A key that is not valid UTF-8 belongs to no id.
  return { keys: keys.filter((key) => key !== undefined), next: next === START ? undefined : next };
}

function unmarked(text: unknown): Uint8Array {
  const bytes = bytesIn(textIn(text));
  if (bytes[0] !== MARK) throw notTheStore();
  return bytes.subarray(1);
}
