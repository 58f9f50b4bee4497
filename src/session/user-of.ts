import { recordOf } from "./draft/record-of.ts";
import type { SessionManager } from "./manager.ts";
import type { Session } from "./session.ts";
import type { Identities } from "./users/identities.ts";

/**
 * Returns the user of a session; `undefined` if there is none. Throws if the application's function fails or returns no
 * valid user.
 */
export type UserOf = (session: Session) => string | undefined;

/** Identifies the function of a manager behind any wrapper, and across copies of the package. */
const property = Symbol.for("sessionwire.userOf");

/** Returns the function by which a manager identifies users; `undefined` if it does not. */
export function userOfSessions(sessions: SessionManager): UserOf | undefined {
  const manager: SessionManager & { readonly [property]?: UserOf } = sessions;
  return manager[property];
}

/** Makes the function available to {@link userOfSessions}. */
export function offerUserOf(sessions: SessionManager, identities: Identities): void {
  const userOf: UserOf = (session) => identities.checkedUserOf(recordOf(session));
  Object.defineProperty(sessions, property, { value: userOf });
}
