import { entriesOf } from "../php-text/entries-of.ts";
import type { PhpEntry, PhpNode } from "../php-text/nodes.ts";

/** Yields all values of a session with their names and keys, in the order in which they are written. */
export function* inReadingOrder(entries: readonly PhpEntry[]): Generator<PhpEntry, void> {
  const levels: { readonly entries: readonly PhpEntry[]; read: number }[] = [{ entries, read: 0 }];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const entry = level.entries[level.read];
    level.read += 1;
    if (entry === undefined) {
      levels.pop();
      continue;
    }
    yield entry;
    const members = entriesOf(entry.value);
    if (members.length > 0) levels.push({ entries: members, read: 0 });
  }
}

/** Returns all values of a session, in the order in which they are written. */
export function readingOrder(entries: readonly PhpEntry[]): PhpNode[] {
  return Array.from(inReadingOrder(entries), ({ value }) => value);
}
