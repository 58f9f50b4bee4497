import type { IncomingMessage } from "node:http";
import type { SessionSockets as CoreSessionSockets, SocketOptions } from "sessionwire/sockets";
import type { WebSocket } from "ws";

/**
 * The sockets and requests of ws.
 *
 * @public
 */
export interface WsTypes {
  /** A socket of ws. */
  readonly socket: WebSocket;
  /** The request of the handshake. */
  readonly request: IncomingMessage;
  /** A text, or bytes. */
  readonly message: string | Buffer;
}

/**
 * The options of {@link attachSessions}. `onConnection` is a typed version of the `connection` listener of ws; the
 * `WebSocketServer` also emits that event, with the session as its third argument.
 *
 * @public
 */
export interface SessionSocketsOptions<Attributes extends object = Record<string, unknown>>
  extends SocketOptions<Attributes, WsTypes> {}

/**
 * The sockets of ws that have a session.
 *
 * @public
 */
export interface SessionSockets extends CoreSessionSockets<WebSocket> {}
