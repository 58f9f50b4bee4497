import type { PhpEntry, PhpKey } from "../php-text/nodes.ts";

/** Checks if the keys are those of a list, like `array_is_list` of PHP. */
export function isList(entries: readonly PhpEntry[]): boolean {
  for (let index = 0; index < entries.length; index += 1) if (entries[index]?.key !== index) return false;
  return true;
}

/** Returns the entries with distinct keys: of several with the same key, the last one, in the position of the first. */
export function lastEntries(entries: readonly PhpEntry[]): readonly PhpEntry[] {
  if (isList(entries)) return entries;
  return [...new Map(entries.map((entry) => [identityOf(entry.key), entry])).values()];
}

/** Returns a value that identifies a key in a map. */
function identityOf(key: PhpKey): string | number | bigint {
  // No text that was read has a lone surrogate.
  return typeof key === "object" ? `\ud800${key.join()}` : key;
}
