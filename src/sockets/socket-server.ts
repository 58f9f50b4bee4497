import type { Clock } from "../clock.ts";
import type { HandshakeDecision, HandshakeRequest, RefusedHandshake, SocketTypes } from "./binding.ts";
import type { RefusalReason } from "./events.ts";

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

/**
 * The sockets of a server, for the binding to that server.
 *
 * @public
 */
export interface SessionSocketServer<
  Types extends SocketTypes = SocketTypes,
  Attributes extends object = Record<string, unknown>,
> extends SessionSockets<Types["socket"]> {
  /** The source of the time. */
  readonly clock: Clock;
  /** The deadline of a handshake. */
  readonly handshakeTimeoutMs: number;
  /** `true` if there is an `onMessage`, to which the `received` messages are passed. */
  readonly takesMessages: boolean;
  /** Aborts when `close` is called: the binding then accepts no more handshakes. */
  readonly closing: AbortSignal;
  /**
   * Decides about a handshake, within `handshakeTimeoutMs`. Never rejects.
   *
   * @param signal - Aborts when the client leaves, until the socket is accepted. Without one, an accepted handshake
   * loses its place if `accept` is not called within `handshakeTimeoutMs`.
   */
  decide(
    request: HandshakeRequest<Types["request"]>,
    signal?: AbortSignal,
  ): Promise<HandshakeDecision<Types, Attributes>>;
  /**
   * Checks the origin of a request. Returns a refusal, which is also reported, if the page may not connect, else
   * `undefined`. It is for libraries that receive requests before there is a handshake. Never rejects.
   */
  checkOrigin(request: HandshakeRequest<Types["request"]>): Promise<RefusedHandshake | undefined>;
  /** Refuses a handshake for a reason found by the binding, and reports it together with any underlying error. */
  refuse(reason: RefusalReason | "left", error?: unknown): RefusedHandshake;
}
