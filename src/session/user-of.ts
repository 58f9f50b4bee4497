import type { SessionManager } from "./manager.ts";
import { recordOf } from "./record-of.ts";
import type { Session } from "./session.ts";
import type { Identities } from "./users/identities.ts";

/** Tells whose session it is; `undefined`: nobody's. Throws where the session names no user. */
export type UserOf = (session: Session) => string | undefined;

/** Names the function of a manager, so that it is found behind any wrapper, and by another copy of the package. */
const property = Symbol.for("sessionwire.userOf");

/** Returns the function by which a manager tells users apart; `undefined` for one that does not. */
export function userOfSessions(sessions: SessionManager): UserOf | undefined {
  const manager: SessionManager & { readonly [property]?: UserOf } = sessions;
  return manager[property];
}

/** Lets {@link userOfSessions} find the function. */
export function offerUserOf(sessions: SessionManager, identities: Identities): void {
  const userOf: UserOf = (session) => identities.checkedUserOf(recordOf(session));
  Object.defineProperty(sessions, property, { value: userOf });
}
