import type { RefusalReason } from "./events.ts";
import type { SocketSession } from "./open-socket/socket-session.ts";

/**
 * The types of an application's sockets, requests and messages in the callbacks of a binding.
 *
 * @public
 */
export interface SocketTypes {
  /** A socket. */
  readonly socket: unknown;
  /** The request that opened it. */
  readonly request: unknown;
  /** A message as `onMessage` receives it. */
  readonly message: unknown;
}

/**
 * The part of a handshake request that sessions read.
 *
 * @public
 */
export interface HandshakeRequest<Raw = unknown> {
  /** The target of the request: path and query. */
  readonly url: string;
  /** The request as the library represents it, for the callbacks of the application. */
  readonly raw: Raw;
  /** Data sent by the client beside the request, for `authenticate`; only in libraries that support it. */
  readonly auth?: unknown;
  /** `true` if `checkOrigin` has already accepted the request, so that `decide` skips the origin. */
  readonly isOriginChecked?: boolean | undefined;
  /** Returns the value of the header with this lower-case name. Several headers with one name are joined as HTTP does. */
  header(name: string): string | undefined;
}

/**
 * The decision about a handshake.
 *
 * @public
 */
export type HandshakeDecision<
  Types extends SocketTypes = SocketTypes,
  Attributes extends object = Record<string, unknown>,
> = AcceptedHandshake<Types, Attributes> | RefusedHandshake;

/**
 * A handshake that may have a socket. It holds its place until `accept` is called or its signal aborts.
 *
 * @public
 */
export interface AcceptedHandshake<
  Types extends SocketTypes = SocketTypes,
  Attributes extends object = Record<string, unknown>,
> {
  /** Distinguishes the two kinds of decision. */
  readonly accepted: true;
  /**
   * Checks again, synchronously, just before the 101. Returns the refusal to send if the session or the server has
   * ended since.
   */
  confirm(): RefusedHandshake | undefined;
  /** Binds the socket to its session. If the session has ended in the meantime, the socket is closed at once. */
  accept(port: SocketPort<Types["socket"]>): SessionSocket<Attributes>;
}

/**
 * A refused handshake.
 *
 * @public
 */
export interface RefusedHandshake {
  /** Distinguishes the two kinds of decision. */
  readonly accepted: false;
  /** The reason; `left` if the client has gone, so that no answer is needed. */
  readonly reason: RefusalReason | "left";
  /** The HTTP status of the answer; 0 for `left`. */
  readonly status: number;
  /** The headers of the answer, by name. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The commands by which sessions control an open socket.
 *
 * @public
 */
export interface SocketPort<Socket = unknown> {
  /** The socket that the application receives. */
  readonly socket: Socket;
  /** Starts to close the socket. From now on, no message may reach the application. */
  close(code: number, reason: string): void;
  /** Drops the connection without waiting for the peer. */
  terminate(): void;
  /** Sends a ping. Absent if the library has its own heartbeat. */
  ping?(): void;
  /** Returns the number of bytes received, which distinguishes a long message from silence. */
  bytesRead?(): number;
  /** Returns `true` while nothing is read, for whatever reason, so that no answer to a ping can be received. */
  isPaused?(): boolean;
  /** Stops reading. Without it, a socket whose peer sends faster than messages are handled is closed. */
  pause?(): void;
  /** Resumes reading. */
  resume?(): void;
}

/**
 * A socket bound to its session. The application receives it as a {@link SocketSession}; the binding notifies it of
 * events.
 *
 * @public
 */
export interface SessionSocket<Attributes extends object = Record<string, unknown>> extends SocketSession<Attributes> {
  /** `false` once the socket is closing or closed. */
  readonly isOpen: boolean;
  /** Calls the application's `onConnection` and rethrows what it throws. */
  begin(): void;
  /** Must be called for each received message. */
  received(message: unknown): void;
  /** Must be called for any other sign of life: a pong, or a ping from the peer. */
  heard(): void;
  /** Must be called for an error of the socket, which is reported. */
  failed(error: unknown): void;
  /**
   * Must be called at least once when the socket is closed. The code counts unless the socket was closed through its
   * {@link SocketPort}.
   */
  closed(code: number): void;
}
