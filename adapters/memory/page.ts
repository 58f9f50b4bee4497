import { SessionError } from "sessionwire";
import type { KeyPage } from "sessionwire/backend";
import type { Ordered, Place, ShardedMap } from "./sharded-map.ts";

/** How many sessions a page looks at. The process does nothing else meanwhile. */
const LOOKED_AT = 100;

interface Listed extends Ordered {
  readonly key: string;
}

/** The keys of the next so many sessions, without the expired ones. A cursor is the place of the last one before. */
export function pageBehind<Entry extends Listed>(
  cursor: string | undefined,
  entries: ShardedMap<Entry>,
  isExpired: (entry: Entry) => boolean,
): KeyPage {
  const keys: string[] = [];
  let last = placeOf(cursor);
  let looked = 0;
  for (const [place, entry] of entries.behind(last)) {
    if (looked === LOOKED_AT) return { keys, next: `${last.shard}:${last.order}` };
    looked += 1;
    last = place;
    if (!isExpired(entry)) keys.push(entry.key);
  }
  return { keys, next: undefined };
}

function placeOf(cursor = "0:0"): Place {
  const [, shard, order] = /^(\d{1,15}):(\d{1,15})$/.exec(cursor) ?? [];
  if (shard === undefined) throw new SessionError("failed", "This is no cursor of the memory handler.");
  return { shard: Number(shard), order: Number(order) };
}
