import { type Clock, systemClock } from "../clock.ts";
import type { SessionManager } from "./manager.ts";

/** Identifies the clock of a manager behind any wrapper, and across copies of the package. */
const property = Symbol.for("sessionwire.clock");

/**
 * Returns the clock of a session manager, for adapters that wait for its sessions; {@link systemClock} for a manager of another
 * package.
 *
 * @public
 */
export function clockOf(sessions: SessionManager): Clock {
  const manager: SessionManager & { readonly [property]?: Clock } = sessions;
  return manager[property] ?? systemClock;
}

/** Makes the clock available to {@link clockOf}. */
export function offerClock(sessions: SessionManager, clock: Clock): void {
  Object.defineProperty(sessions, property, { value: clock });
}
