import type { PhpEntry, PhpNode } from "../php-text/nodes.ts";
import type { PhpSessionEntry } from "../php-text/session.ts";
import { entriesOf } from "./entries-of.ts";

/** Yields all values of a session with their names and keys, in the order in which they are written. */
export function* inReadingOrder(entries: readonly PhpSessionEntry[]): Generator<PhpEntry, void> {
  const levels: { readonly entries: readonly PhpEntry[]; read: number }[] = [
    { entries: entries.map(asMember), read: 0 },
  ];
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

/** Returns a member of the session as a member of an array. */
export function asMember({ name, value, start }: PhpSessionEntry): PhpEntry {
  return { key: name, value, start };
}

/** Returns all values of a session, in the order in which they are written. */
export function readingOrder(entries: readonly PhpSessionEntry[]): PhpNode[] {
  return Array.from(inReadingOrder(entries), ({ value }) => value);
}
