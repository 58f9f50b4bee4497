import { MAX_TTL_SECONDS } from "../backend/checks.ts";
import type { SessionFormat } from "../formats/format.ts";
import { isUnreadable } from "./failures.ts";
import type { SessionManager } from "./manager.ts";
import type { TimeToLive } from "./storage/time-to-live.ts";
import { decodeEntries, ttlOfEntries } from "./users/user-record.ts";

/** Identifies the lifetimes of a manager behind any wrapper, and across copies of the package. */
const property = Symbol.for("sessionwire.lifetimes");

interface Lifetimes {
  readonly format: SessionFormat;
  readonly times: TimeToLive;
}

/**
 * Returns a function that computes the time to live of a stored record if it is used now, in seconds: of a session, by
 * the format and the limits of the manager, and of the list of a user. It returns `undefined` for a session that has
 * ended, and for any other record.
 *
 * @throws `TypeError` for anything but a session manager of this package.
 *
 * @public
 */
export function ttlSecondsOf(sessions: SessionManager): (key: string, data: Uint8Array) => number | undefined {
  const manager: SessionManager & { readonly [property]?: Lifetimes } = sessions;
  const lifetimes = manager[property];
  if (lifetimes === undefined) throw new TypeError("ttlSecondsOf needs a session manager.");
  return (_, data) => ttlSecondsOfRecord(data, lifetimes);
}

/** Makes the lifetimes of a manager available to {@link ttlSecondsOf}. */
export function offerLifetimes(sessions: SessionManager, lifetimes: Lifetimes): void {
  Object.defineProperty(sessions, property, { value: lifetimes });
}

/** Tells the kinds of records by their content, because a decorator may have hashed their keys. */
function ttlSecondsOfRecord(data: Uint8Array, { format, times }: Lifetimes): number | undefined {
  const secondsLeft = readable(() => times.secondsLeft(format.decode(data)));
  if (secondsLeft === undefined) return readable(() => ttlOfEntries(decodeEntries(data)));
  return secondsLeft >= 1 ? Math.min(secondsLeft, MAX_TTL_SECONDS) : undefined;
}

function readable(read: () => number): number | undefined {
  try {
    return read();
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}
