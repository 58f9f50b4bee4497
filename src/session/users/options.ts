import { checkCount, checkOptionNames } from "../../backend/checks.ts";
import type { SessionDraft } from "../session-draft.ts";

/**
 * The content of a session, to be read.
 *
 * @public
 */
export type SessionContent<Attributes extends object = Record<string, unknown>> = Pick<
  SessionDraft<Attributes>,
  "get" | "copy" | "has" | "names"
>;

/**
 * Tells whose a session is, and limits how many sessions a user may have.
 *
 * @public
 */
export interface SessionUsersOptions<Attributes extends object = Record<string, unknown>> {
  /**
   * Says whose session it is: a text or a number that is the same for all sessions of the user; `undefined` or `null` for nobody's.
   * Anything else is a `TypeError` of the save. It must depend on nothing but what the session holds.
   */
  idOf(session: SessionContent<Attributes>): unknown;
  /** Describes the session to its user, by the device that it was begun on for instance. Asked when sessions are listed. */
  label?(session: SessionContent<Attributes>): string | undefined;
  /**
   * The most sessions that a user may have. (OWASP ASVS 5.0, 7.1.2)
   *
   * @defaultValue as many as the record that lists them has room for: about 5000 of 1 MiB
   */
  readonly maxSessions?: number | undefined;
  /**
   * The rule for one more. `"end-oldest"`: the session of the user that was bound first is ended, before the new one is stored.
   * `"refuse"`: the save rejects with code `too-many`, and nothing is stored.
   *
   * @defaultValue `"end-oldest"`
   */
  readonly whenFull?: "end-oldest" | "refuse" | undefined;
}

export function checkUsersOptions(options: SessionUsersOptions): void {
  checkOptionNames("users", options, ["idOf", "label", "maxSessions", "whenFull"]);
  const { idOf, label, maxSessions, whenFull } = options;
  if (typeof idOf !== "function") throw new TypeError("users needs `idOf`, a function that says whose session it is.");
  if (label !== undefined && typeof label !== "function") throw new TypeError("label of users must be a function.");
  if (maxSessions !== undefined && maxSessions !== Infinity) checkCount("maxSessions", maxSessions, 1);
  if (whenFull === undefined || whenFull === "end-oldest" || whenFull === "refuse") return;
  throw new TypeError('whenFull must be "end-oldest" or "refuse".');
}
