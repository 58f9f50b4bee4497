import { tooManySessions } from "../failures.ts";
import type { BoundSessions } from "./bound-sessions.ts";
import type { UserEntry } from "./user-record.ts";

/** The limit of sessions, and what becomes of one more. */
export interface UserLimit {
  readonly maxSessions: number;
  readonly whenFull: "end-oldest" | "refuse";
}

/** From this many sessions on, a new one is a reason to look which of them have ended by themselves, whenever there are twice as many. */
const MANY = 16;

/**
 * Makes room for one more session of a user, and answers with the entries of the others that stay. A session that moves has two, and
 * counts once.
 */
export async function makeRoom(
  sessions: BoundSessions,
  { maxSessions, whenFull }: UserLimit,
  user: string,
  others: readonly UserEntry[],
): Promise<readonly UserEntry[]> {
  if (others.length < maxSessions && !isPowerOfTwo(others.length, MANY)) return others;
  const living = await sessions.verified(user, others);
  const handles = [...new Set(living.map(({ handle }) => handle))];
  const surplus = handles.slice(0, Math.max(0, handles.length + 1 - maxSessions));
  if (surplus.length === 0) return living;
  if (whenFull === "refuse") throw tooManySessions();
  await sessions.endAll(
    user,
    living.filter(({ handle }) => surplus.includes(handle)),
  );
  return living.filter(({ handle }) => !surplus.includes(handle));
}

function isPowerOfTwo(count: number, from: number): boolean {
  return count >= from && (count & (count - 1)) === 0;
}
