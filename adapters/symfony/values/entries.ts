import { keyIdentity } from "../php-text/keys.ts";
import type { PhpEntry } from "../php-text/nodes.ts";

/** Checks if the keys are those of a list, like `array_is_list` of PHP. */
export function isList(entries: readonly PhpEntry[]): boolean {
  for (let index = 0; index < entries.length; index += 1) if (entries[index]?.key !== index) return false;
  return true;
}

/** Returns the entries with distinct keys: of several with the same key, the last one, in the position of the first. */
export function lastEntries(entries: readonly PhpEntry[]): readonly PhpEntry[] {
  if (isList(entries)) return entries;
  return [...new Map(entries.map((entry) => [keyIdentity(entry.key), entry])).values()];
}
