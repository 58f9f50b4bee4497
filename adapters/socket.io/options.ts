import type { IncomingMessage } from "node:http";
import type { SessionSockets as CoreSessionSockets, SocketOptions, SocketSession } from "sessionwire/sockets";
import type { Socket } from "socket.io";

/**
 * The sockets and requests of socket.io.
 *
 * @public
 */
export interface SocketIoTypes {
  /** A socket of socket.io: the connection of a client to a namespace. */
  readonly socket: Socket;
  /** The request with which the client connected to the server. */
  readonly request: IncomingMessage;
  /**
   * The name of an event, its arguments, and the function that acknowledges it, if the client asks for an
   * acknowledgement.
   */
  readonly message: readonly unknown[];
}

/**
 * The options of {@link attachSessions}. socket.io has its own heartbeat (`pingInterval`, `pingTimeout`).
 *
 * @public
 */
export interface SessionSocketsOptions<Attributes extends object = Record<string, unknown>>
  extends Omit<SocketOptions<Attributes, SocketIoTypes>, "heartbeatSeconds"> {}

/**
 * The `data` of a socket, for the fourth type of a `Server`.
 *
 * @public
 */
export interface SessionSocketData<Attributes extends object = Record<string, unknown>> {
  /** The session of the socket. It is not enumerable, so it is never sent to other servers. */
  readonly session: SocketSession<Attributes>;
}

/**
 * The sockets of socket.io that have a session.
 *
 * @public
 */
export interface SessionSockets extends CoreSessionSockets<Socket> {}
