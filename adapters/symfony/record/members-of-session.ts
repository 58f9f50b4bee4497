import type { PhpEntry } from "../php-text/nodes.ts";
import type { PhpSessionEntry } from "../php-text/session.ts";

/** Returns the members of a session as those of an array. */
export function asMembers(entries: readonly PhpSessionEntry[]): readonly PhpEntry[] {
  return entries.map(({ name, value, start }) => ({ key: name, value, start }));
}

/** Returns the members of an array as those of a session. */
export function asEntries(members: readonly PhpEntry[]): readonly PhpSessionEntry[] {
  return members.map(({ key, value, start }) => ({ name: key, value, start }));
}
