import type { OperationOptions } from "../handler.ts";
import type { SessionDraft } from "./draft/session-draft.ts";

/**
 * A session that was opened or created: the content that was seen, and the changes since.
 *
 * @remarks
 * - Changes are recorded and stored by `save`. If another writer has changed the session in the meantime, they are
 *   repeated on the current content: of changes to one attribute, the last one saved wins; changes to different
 *   attributes are all kept.
 * - Methods that reach the store reject with a {@link SessionError}. For a session that has ended in the meantime, its
 *   code is `gone`, and nothing brings the session back.
 * - A failed save keeps the changes and may be retried: changes that were applied after all are not applied twice. If
 *   that can no longer be determined, and would make a difference (the log holds the function of an `update` or a
 *   flash), it rejects with `outcome: "unknown"` until the changes are discarded.
 *
 * @public
 */
export interface Session<Attributes extends object = Record<string, unknown>> extends SessionDraft<Attributes> {
  /** `true` if it has never been stored. */
  readonly isNew: boolean;
  /** `true` if it has changes that are not known to be stored. */
  readonly isChanged: boolean;
  /** `true` if it is known to have ended. */
  readonly hasEnded: boolean;
  /** The time to live, in whole seconds, rounded up, if it is used now and never again. 0: it has ended. */
  readonly ttlSeconds: number;

  /**
   * Stores the changes, in one round trip; without changes, nothing is sent.
   *
   * @remarks
   * A new session may get another id if it is unknown whether it was stored under its id. Therefore, hand out the id
   * after the save.
   */
  save(options?: OperationOptions): Promise<void>;
  /** Reads the stored content again, with the unsaved changes on top of it. */
  refresh(options?: OperationOptions): Promise<void>;
  /** Discards the unsaved changes. The session then shows the content last seen; `refresh` reads it again. */
  discard(): void;
  /** Restarts the time to live, unless that was done recently. */
  touch(options?: OperationOptions): Promise<void>;
  /**
   * Moves the session to a new id, together with its content and the unsaved changes, which are thereby stored. The old
   * id ends at once. Call it at every sign-in and change of privileges. (OWASP ASVS 5.0, 7.2.4)
   *
   * @remarks
   * A session that was never stored gets another id and is saved. A `graceSeconds` out of range is a `RangeError`, and
   * one above 0 in a format without grace periods a `TypeError`.
   *
   * Of two concurrent calls, one succeeds and the other rejects with `gone`. If it fails, the old id remains valid,
   * unless the `outcome` is `"unknown"`.
   */
  regenerate(options?: RegenerateOptions): Promise<void>;
  /** Ends the session, for everyone. Ending one that has ended resolves. */
  destroy(options?: OperationOptions): Promise<void>;
  /** Ends the session, and turns this object into an empty new session with a new id. */
  invalidate(options?: OperationOptions): Promise<void>;
}

/**
 * The options of {@link Session.regenerate}.
 *
 * @public
 */
export interface RegenerateOptions extends OperationOptions {
  /**
   * The grace period, in seconds up to 30, during which the old id still leads to the session, for reading only. It is
   * for requests under way with the old cookie. Never use it at a change of privileges. Native format only.
   *
   * @defaultValue 0: the old id ends at once
   */
  readonly graceSeconds?: number | undefined;
}
