/**
 * The sockets that have a session.
 *
 * @public
 */
export interface SessionSockets<Socket = unknown> extends AsyncDisposable {
  /** The number of open sockets. */
  readonly size: number;
  /** Returns the sockets of one session, by its id. */
  socketsOf(id: string): Socket[];
  /**
   * Checks now if sessions still exist: all of them, or those of one key. Resolves once the store has answered or
   * failed. It is for code that learns of events in another process: the `key` is that of a `SessionEvent`.
   */
  revalidate(key?: string): Promise<void>;
  /**
   * Stops accepting handshakes, closes all sockets with 1001 and resolves when they are closed. Peers that do not
   * answer are dropped after 2 s. The session manager stays open.
   */
  close(): Promise<void>;
}
