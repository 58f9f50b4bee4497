import { tooManySessions } from "../failures.ts";
import type { BoundSessions } from "./bound-sessions.ts";
import type { UserEntry } from "./user-record.ts";

/** The maximum number of sessions, and the rule when it is reached. */
export interface UserLimit {
  readonly maxSessions: number;
  readonly whenFull: "end-oldest" | "refuse";
}

/**
 * Number of sessions from which a new one triggers a check for sessions that have ended by themselves, repeated at each
 * doubling.
 */
const MANY = 16;

/**
 * Makes room for one more session of a user. Returns the entries of the other sessions, without those that were ended.
 * A moving session has two entries and counts once.
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
    "limit",
  );
  return living.filter(({ handle }) => !surplus.includes(handle));
}

function isPowerOfTwo(count: number, from: number): boolean {
  return count >= from && (count & (count - 1)) === 0;
}
