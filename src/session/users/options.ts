import { checkCount, checkOptionNames } from "../../backend/checks.ts";
import type { SessionDraft } from "../draft/session-draft.ts";

/**
 * The readable content of a session.
 *
 * @public
 */
export type SessionContent<Attributes extends object = Record<string, unknown>> = Pick<
  SessionDraft<Attributes>,
  "get" | "copy" | "has" | "names"
>;

/**
 * Identifies the user of a session, and limits the number of sessions per user.
 *
 * @public
 */
export interface SessionUsersOptions<Attributes extends object = Record<string, unknown>> {
  /**
   * Returns the id of the session's user: a string or a number that is the same for all sessions of the user;
   * `undefined` or `null` for a session without a user. With any other value, the save rejects with a `TypeError`. The
   * result must depend only on the content of the session.
   */
  idOf(session: SessionContent<Attributes>): unknown;
  /** Describes the session to its user, for instance by the device on which it began. Called when sessions are listed. */
  label?(session: SessionContent<Attributes>): string | undefined;
  /**
   * Maximum number of sessions per user. (OWASP ASVS 5.0, 7.1.2)
   *
   * @defaultValue as many as fit into the record that lists them: about 5000 for 1 MiB
   */
  readonly maxSessions?: number | undefined;
  /**
   * The rule when the maximum is reached. `"end-oldest"`: the user's session that was bound first is ended before the
   * new one is stored. `"refuse"`: the save rejects with code `too-many`, and nothing is stored.
   *
   * @defaultValue `"end-oldest"`
   */
  readonly whenFull?: "end-oldest" | "refuse" | undefined;
}

export function checkUsersOptions(options: SessionUsersOptions): void {
  checkOptionNames("users", options, ["idOf", "label", "maxSessions", "whenFull"]);
  const { idOf, label, maxSessions, whenFull } = options;
  if (typeof idOf !== "function") throw new TypeError("users needs `idOf`, a function that returns a user id.");
  if (label !== undefined && typeof label !== "function") throw new TypeError("label of users must be a function.");
  if (maxSessions !== undefined && maxSessions !== Infinity) checkCount("maxSessions", maxSessions, 1);
  if (whenFull === undefined || whenFull === "end-oldest" || whenFull === "refuse") return;
  throw new TypeError('whenFull must be "end-oldest" or "refuse".');
}
