import type { KeyPage } from "sessionwire/backend";
import { escapeGlob } from "../redis-replies/glob.ts";
import { notTheStore } from "./answers.ts";
import { bytesOf } from "./bytes.ts";

/** How many keys the server looks at for a page. */
const LOOKED_AT = "100";

const START = "0";

/** What the script is called with, for the keys that begin with `prefix`. https://redis.io/docs/latest/commands/scan/ */
export function listArguments(prefix: string, cursor: string | undefined): string[] {
  return [cursor ?? START, `${escapeGlob(prefix)}*`, LOOKED_AT];
}

/** Reads the answer of the script. */
export function pageOf(reply: unknown): KeyPage {
  if (!Array.isArray(reply)) throw notTheStore();
  const [next = "", ...keys] = reply.map(unmarked);
  if (!/^\d+$/.test(next)) throw notTheStore();
  return { keys: keys.flatMap(keyOf), next: next === START ? undefined : next };
}

function unmarked(text: unknown): string {
  if (typeof text !== "string" || !text.startsWith("~")) throw notTheStore();
  return text.slice(1);
}

/** A key that is not valid UTF-8 is the key of no id. */
function keyOf(characters: string): string[] {
  const bytes = bytesOf(characters);
  if (bytes === undefined) throw notTheStore();
  try {
    return [new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)];
  } catch {
    return [];
  }
}
