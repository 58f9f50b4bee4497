import { SessionError } from "sessionwire";
import type { KeyPage } from "sessionwire/backend";
import type { SessionTable } from "./session-table.ts";
import { NONE } from "./slots.ts";

/** Number of sessions that a page looks at. The process does nothing else in that time. */
const LOOKED_AT = 100;

/**
 * Returns the keys of the next page, without expired sessions. A session keeps its slot, so the cursor is the number of
 * the last slot that was looked at.
 */
export function pageBehind(
  cursor: string | undefined,
  sessions: SessionTable,
  isExpired: (slot: number) => boolean,
): KeyPage {
  const keys: string[] = [];
  let last = slotOf(cursor);
  for (let looked = 0; looked < LOOKED_AT; looked += 1) {
    const slot = sessions.slots.next(last);
    if (slot === NONE) return { keys, next: undefined };
    last = slot;
    if (!isExpired(slot)) keys.push(sessions.keyOf(slot));
  }
  return { keys, next: sessions.slots.next(last) === NONE ? undefined : `after:${last}` };
}

function slotOf(cursor = `after:${NONE}`): number {
  const [, slot] = /^after:(\d{1,15})$/.exec(cursor) ?? [];
  if (slot === undefined) throw new SessionError("failed", "The cursor does not belong to the memory handler.");
  return Number(slot);
}
