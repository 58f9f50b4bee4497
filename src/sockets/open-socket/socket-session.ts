import type { OperationOptions } from "../../handler.ts";
import type { SessionDraft } from "../../session/draft/session-draft.ts";
import type { Session } from "../../session/session.ts";

/**
 * The session of a socket. It holds an id and no data: reading and changing always use what is stored at that time.
 *
 * @public
 */
export interface SocketSession<Attributes extends object = Record<string, unknown>> {
  /** The current id, which is updated if the session gets another one in this process. Keep it out of messages. */
  readonly id: string;
  /**
   * Aborts when the session has ended, or when the socket is about to close for any other reason. Its reason is a
   * `SessionError` with code `gone`, or else `closed`, or `unavailable` after an outage of the store.
   */
  readonly signal: AbortSignal;
  /**
   * Opens the session as it is stored now, to be read, changed and saved. It does not keep the session alive.
   *
   * @remarks
   * Rejects with code `gone` if the session has ended, and the socket is closed. Rejects with the store's error if the
   * store has failed.
   */
  open(options?: OperationOptions): Promise<Session<Attributes>>;
  /**
   * Changes the session, as `update` of the session manager does: `change` is synchronous, and may run again if another
   * writer was faster.
   *
   * @remarks
   * Rejects with code `gone` if the session has ended, and the socket is closed; with any error that `change` throws;
   * and with the store's error if the store has failed. Such errors are also reported to `onEvent`. An unhandled
   * `SessionError` of this promise does not end the process, because a message listener has no caller to reject to. A
   * promise derived from it (by `then`, or by an async listener that awaits it) must be handled by the application.
   */
  change<Result>(change: (draft: SessionDraft<Attributes>) => Result, options?: OperationOptions): Promise<Result>;
  /** Ends the session for everyone, as on sign-out, and closes the socket. */
  destroy(options?: OperationOptions): Promise<void>;
}
