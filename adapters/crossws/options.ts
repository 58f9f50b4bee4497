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
 * The options of {@link createSessionHooks}. Hooks replace `onConnection` and `onMessage`, and the `idleTimeout` of
 * crossws replaces `heartbeatSeconds`.
 *
 * @public
 */
export interface SessionHooksOptions<Attributes extends object = Record<string, unknown>>
  extends Omit<SocketOptions<Attributes, CrosswsTypes>, "onConnection" | "onMessage" | "heartbeatSeconds"> {}

/**
 * The hooks of an application, as crossws defines them, with the session of the socket as the last argument.
 *
 * @public
 */
export interface ApplicationHooks<Attributes extends object = Record<string, unknown>>
  extends Partial<Pick<Hooks, "drain" | "ping" | "pong">> {
  /** Called when the session may have a socket. It may add headers, or refuse with a `Response`. */
  readonly upgrade?: Hooks["upgrade"];
  /**
   * Called with each socket whose handshake was accepted. If it rejects with a `SessionError`, the socket is closed
   * with 1013.
   */
  open?(peer: Peer, session: SocketSession<Attributes>): void | Promise<void>;
  /**
   * Called with each message, in order, until the session ends: a message is passed on once the promises for `open` and
   * for the previous message have settled. An error that it throws or rejects with is reported to `onEvent`. A socket
   * with more than 64 waiting messages is closed with 4429.
   */
  message?(peer: Peer, message: Message, session: SocketSession<Attributes>): unknown;
  /** Called when the socket is closed. An error that it throws or rejects with is reported to `onEvent`. */
  close?(peer: Peer, details: CloseDetails, session: SocketSession<Attributes>): unknown;
  /** Called for an error of the socket, which is also reported to `onEvent`. */
  error?(peer: Peer, error: WSError, session: SocketSession<Attributes>): unknown;
}

/**
 * The end of a socket, as far as the runtime reports it.
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
 * The hooks for crossws, and the sockets that came through them.
 *
 * @public
 */
export interface SessionHooks {
  /** The hooks, for an adapter of crossws or anything else that accepts crossws hooks. */
  readonly hooks: Partial<Hooks>;
  /** The sockets. */
  readonly sockets: SessionSockets;
}
