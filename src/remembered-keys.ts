import { RecentlyUsed } from "./recently-used.ts";
import { SeenKeys } from "./seen-keys.ts";

/** Takes about 3 MB of memory. */
const MAX_KEYS = 10_000;

/** Remembers the keys of ids that come again: remembering an id that comes once costs more than its digest. */
export function rememberKeys(keyOf: (id: string) => string): (id: string) => string {
  const keys = new RecentlyUsed<string>(MAX_KEYS);
  const seen = new SeenKeys(8 * MAX_KEYS);
  return (id) => {
    const known = keys.get(id);
    if (known !== undefined) return known;
    const key = keyOf(id);
    if (seen.mark(id)) keys.set(id, key);
    return key;
  };
}
