/**
 * The sockets that have a session.
 *
 * @public
 */
export interface SessionSockets<Socket = unknown> extends AsyncDisposable {
  /** The number of open sockets. */
  readonly size: number;
  /** The sockets of one session, by its id. */
  socketsOf(id: string): Socket[];
  /**
   * Looks now whether sessions are still there, and resolves when that is known or the store has failed to say; all, or those of one
   * key. For whoever hears from another process what happened there: the `key` is that of a `SessionEvent`.
   */
  revalidate(key?: string): Promise<void>;
  /**
   * Takes no handshakes any more, closes all sockets with 1001 and resolves when they are closed; those of peers that do not answer are
   * cut off after 2 s. The session manager stays open.
   */
  close(): Promise<void>;
}
