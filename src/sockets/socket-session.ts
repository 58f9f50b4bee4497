import type { OperationOptions } from "../handler.ts";
import type { Session } from "../session/session.ts";
import type { SessionDraft } from "../session/session-draft.ts";

/**
 * The session of a socket. It holds an id and no data: what it shows or changes is what is stored at that time.
 *
 * @public
 */
export interface SocketSession<Attributes extends object = Record<string, unknown>> {
  /** The id that the session has now; it follows when the session gets another one in this process. Keep it out of messages. */
  readonly id: string;
  /**
   * Aborts when the session has ended, and when the socket is about to close for any other reason. Its reason is a `SessionError`:
   * code `gone`, or else `closed`, or `unavailable` after an outage of the store.
   */
  readonly signal: AbortSignal;
  /**
   * The session as it is stored now, to be read, changed and saved. Does not keep it alive.
   *
   * @remarks
   * Rejects with code `gone` when it has ended, and the socket is closed; and with what the store says when that has failed.
   */
  open(options?: OperationOptions): Promise<Session<Attributes>>;
  /**
   * Changes the session, as `update` of the session manager does: `change` is synchronous, and may run again when somebody else was
   * faster.
   *
   * @remarks
   * Rejects with code `gone` when the session has ended, and the socket is closed; with whatever `change` throws; and with what
   * the store says when that has failed. That is told to `onEvent`, too, and a `SessionError` that nobody handles does not bring the
   * process down, as a listener of messages has nobody to reject to. What is made of the promise (by `then`, or in an async
   * listener that awaits it) is another promise, which is the application's to handle.
   */
  update<Result>(change: (draft: SessionDraft<Attributes>) => Result, options?: OperationOptions): Promise<Result>;
  /** Ends the session, for everybody: a sign-out. The socket is closed with it. */
  destroy(options?: OperationOptions): Promise<void>;
}
