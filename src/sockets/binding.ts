import type { RefusalReason } from "./events.ts";
import type { SocketSession } from "./socket-session.ts";

/**
 * The types that an application meets in the callbacks of a binding: its sockets and its requests.
 *
 * @public
 */
export interface SocketTypes {
  /** A socket. */
  readonly socket: unknown;
  /** The request that asked for it. */
  readonly request: unknown;
  /** A message of the application, as `onMessage` gets it. */
  readonly message: unknown;
}

/**
 * A request for a socket, as far as sessions need to read it.
 *
 * @public
 */
export interface HandshakeRequest<Raw = unknown> {
  /** The target of the request: path and query. */
  readonly url: string;
  /** The request in the terms of the binding, for the callbacks of the application. */
  readonly raw: Raw;
  /** Data that the client has sent beside the request, for `authenticate`, in libraries that have such a thing. */
  readonly auth?: unknown;
  /** `true` when `checkOrigin` has let through whatever the client has sent, so that `decide` need not look at its origin. */
  readonly isOriginChecked?: boolean | undefined;
  /** The value of the header of this name, in lower case; several headers of one name are one value, joined as HTTP does. */
  header(name: string): string | undefined;
}

/**
 * The answer to a handshake.
 *
 * @public
 */
export type HandshakeDecision<
  Types extends SocketTypes = SocketTypes,
  Attributes extends object = Record<string, unknown>,
> = AcceptedHandshake<Types, Attributes> | RefusedHandshake;

/**
 * A handshake that may have a socket. Its place is taken until `accept` is called or its signal aborts.
 *
 * @public
 */
export interface AcceptedHandshake<
  Types extends SocketTypes = SocketTypes,
  Attributes extends object = Record<string, unknown>,
> {
  /** Tells the two kinds of decision apart. */
  readonly accepted: true;
  /** Checks again, without waiting, just before the 101: the refusal to answer with if the session has ended since, or the server. */
  confirm(): RefusedHandshake | undefined;
  /** Binds the socket to its session. A session that has ended meanwhile closes it at once. */
  accept(port: SocketPort<Types["socket"]>): SessionSocket<Attributes>;
}

/**
 * A handshake that gets no socket.
 *
 * @public
 */
export interface RefusedHandshake {
  /** Tells the two kinds of decision apart. */
  readonly accepted: false;
  /** The reason; `left` when the client has gone, so that nobody waits for an answer. */
  readonly reason: RefusalReason | "left";
  /** The HTTP status of the answer; 0 for `left`. */
  readonly status: number;
  /** The headers that belong to the answer, by their names. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The commands that sessions give to an open socket.
 *
 * @public
 */
export interface SocketPort<Socket = unknown> {
  /** The socket that the application gets. */
  readonly socket: Socket;
  /** Begins to close the socket. No message may reach the application any more. */
  close(code: number, reason: string): void;
  /** Cuts the socket off, without waiting for the peer. */
  terminate(): void;
  /** Sends a ping. Where the library keeps a heartbeat of its own, there is none. */
  ping?(): void;
  /** The number of bytes that have come in, which tells a long message from silence. */
  bytesRead?(): number;
  /** `true` while nothing is read, for whatever reason, so that no answer to a ping can come in. */
  isPaused?(): boolean;
  /** Stops reading. Without it, a peer that sends faster than messages are handled is closed. */
  pause?(): void;
  /** Begins to read again. */
  resume?(): void;
}

/**
 * A socket that is bound to its session. The application gets it as a {@link SocketSession}; the binding tells it what happens.
 *
 * @public
 */
export interface SessionSocket<Attributes extends object = Record<string, unknown>> extends SocketSession<Attributes> {
  /** `false` once the socket is closing or closed. */
  readonly isOpen: boolean;
  /** Calls `onConnection` of the application. What that throws is thrown on. */
  begin(): void;
  /** To be called for each message that came in. */
  received(message: unknown): void;
  /** To be called for any other sign of life: a pong, or a ping of the peer. */
  heard(): void;
  /** To be called for an error of the socket, which is reported. */
  failed(error: unknown): void;
  /** To be called when the socket is closed, once or more. The code counts if the socket was not closed by its {@link SocketPort}. */
  closed(code: number): void;
}
