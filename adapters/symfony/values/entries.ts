import type { PhpEntry, PhpKey } from "../php-text/nodes.ts";

/** Checks if the keys are those that `array_is_list` of PHP asks for. */
export function isList(entries: readonly PhpEntry[]): boolean {
  for (let index = 0; index < entries.length; index += 1) if (entries[index]?.key !== index) return false;
  return true;
}

/** Returns the entries that count: of several with the same key, the last one at the place of the first. */
export function lastEntries(entries: readonly PhpEntry[]): readonly PhpEntry[] {
  if (isList(entries)) return entries;
  return [...new Map(entries.map((entry) => [identityOf(entry.key), entry])).values()];
}

/** Returns something by which a map finds a key. */
function identityOf(key: PhpKey): string | number | bigint {
  // No text that was read has a lone surrogate.
  return typeof key === "object" ? `\ud800${key.join()}` : key;
}
