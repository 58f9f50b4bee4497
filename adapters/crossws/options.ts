import type { Hooks, Message, Peer, WSError } from "crossws";
import type { SessionSockets as CoreSessionSockets, SocketOptions, SocketSession } from "sessionwire/sockets";

/**
 * The sockets and requests of crossws.
 *
 * @public
 */
export interface CrosswsTypes {
  /** A socket of crossws. */
  readonly socket: Peer;
  /** The request of the handshake. */
  readonly request: Request;
  /** A message of crossws. */
  readonly message: Message;
}

/**
 * The options of {@link createSessionHooks}. Hooks take the place of `onConnection` and `onMessage`, and the `idleTimeout` of crossws that
 * of `heartbeatSeconds`.
 *
 * @public
 */
export interface SessionHooksOptions<Attributes extends object = Record<string, unknown>>
  extends Omit<SocketOptions<Attributes, CrosswsTypes>, "onConnection" | "onMessage" | "heartbeatSeconds"> {}

/**
 * The hooks of an application, as crossws has them, with the session of the socket as last argument.
 *
 * @public
 */
export interface ApplicationHooks<Attributes extends object = Record<string, unknown>>
  extends Partial<Pick<Hooks, "drain" | "ping" | "pong">> {
  /** Called when the session may have a socket. It may add headers, or refuse by a `Response`. */
  readonly upgrade?: Hooks["upgrade"];
  /** Called with each socket that has come through. When it rejects with a `SessionError`, the socket is closed with 1013. */
  open?(peer: Peer, session: SocketSession<Attributes>): void | Promise<void>;
  /**
   * Called with each message, until the session ends, in order: the next one when the promise for the one before has settled, and that of
   * `open`. What it throws or rejects with is told to `onEvent`. A socket for which more than 64 messages wait is closed with 4429.
   */
  message?(peer: Peer, message: Message, session: SocketSession<Attributes>): unknown;
  /** Called when the socket is closed. What it throws or rejects with is told to `onEvent`. */
  close?(peer: Peer, details: CloseDetails, session: SocketSession<Attributes>): unknown;
  /** Called for an error of the socket, which is told to `onEvent` as well. */
  error?(peer: Peer, error: WSError, session: SocketSession<Attributes>): unknown;
}

/**
 * The end of a socket, as far as the runtime tells it.
 *
 * @public
 */
export type CloseDetails = Parameters<Hooks["close"]>[1];

/**
 * The sockets of crossws that have a session.
 *
 * @public
 */
export interface SessionSockets extends CoreSessionSockets<Peer> {}

/**
 * Hooks for crossws, and the sockets that have come through them.
 *
 * @public
 */
export interface SessionHooks {
  /** For an adapter of crossws, or for whatever takes hooks of it. */
  readonly hooks: Partial<Hooks>;
  /** The sockets. */
  readonly sockets: SessionSockets;
}
