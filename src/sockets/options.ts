import type { Clock } from "../clock.ts";
import type { CookieReader } from "../cookie/cookie.ts";
import type { ExpressCookieOptions } from "../cookie/express-cookie.ts";
import type { SessionManager } from "../session/manager.ts";
import type { Session } from "../session/session.ts";
import type { SocketTypes } from "./binding.ts";
import type { SessionSocketEvent } from "./events.ts";
import type { SocketSession } from "./open-socket/socket-session.ts";

/**
 * Identifies the session of a handshake: by its id, as in a `Session`, or by a ticket.
 *
 * @public
 */
export type SessionClaim = { readonly id: string } | { readonly ticket: string };

/**
 * The options that all bindings share.
 *
 * @public
 */
export interface SocketOptions<
  Attributes extends object = Record<string, unknown>,
  Types extends SocketTypes = SocketTypes,
> {
  /** The session manager, the same as that of the web application. It stays open when the sockets are closed. */
  readonly sessions: SessionManager<Attributes>;
  /**
   * The cookie that carries the session id in the handshake: the name and the secrets of express-session, or any reader
   * that finds an id in a `Cookie` header.
   *
   * @defaultValue the cookie of the manager, in formats that create their own ids; for express-session, it must be
   * given
   */
  readonly cookie?: ExpressCookieOptions | Pick<CookieReader, "parse"> | undefined;
  /**
   * The origins of the pages that may connect, each exactly as a browser sends it: scheme, host and any non-default
   * port. Origins of apps and extensions are possible, such as `capacitor://localhost`, and `https://*.app.example` for
   * all hosts below `app.example`, which trusts each of them. Alternatively a function that decides, possibly
   * asynchronously. Without a check, browsers let every page connect to every host, with the user's cookies. (OWASP
   * ASVS 5.0, 4.4.2; CWE-1385)
   */
  readonly allowedOrigins:
    | readonly string[]
    | ((origin: string, request: Types["request"]) => boolean | Promise<boolean>);
  /**
   * Accepts handshakes without an origin: programs send none, browsers always do.
   *
   * @defaultValue `false`
   */
  readonly allowMissingOrigin?: boolean | undefined;
  /**
   * Identifies the session of a handshake that carries no cookie, by its id or by a ticket of `sessions.tickets`, which
   * is redeemed. `undefined`: the cookie decides. It is called after the origin check and within the deadline.
   *
   * `auth` is the `auth` of a socket.io client, as the client sent it; other libraries have none.
   *
   * @remarks
   * A secret in a query appears in the logs of every intermediary, so it must be nothing but a ticket. A secret among
   * the sub-protocols must not be echoed. (`docs/tickets.md`)
   */
  readonly authenticate?:
    | ((request: Types["request"], auth: unknown) => SessionClaim | undefined | Promise<SessionClaim | undefined>)
    | undefined;
  /**
   * Decides if this session may have a socket, for instance because a user has signed in. `false`: 403.
   *
   * @defaultValue every session may
   */
  readonly authorize?:
    | ((session: Session<Attributes>, request: Types["request"]) => boolean | Promise<boolean>)
    | undefined;
  /**
   * Maximum time for a handshake, in milliseconds from 1 to 2^31 - 1. After that, it is refused with 503.
   *
   * @defaultValue 5000
   */
  readonly handshakeTimeoutMs?: number | undefined;
  /**
   * Maximum interval between checks if a session still exists, in whole seconds from 1 to 86,400. (OWASP WebSocket
   * Security Cheat Sheet: "periodically re-validate")
   *
   * @defaultValue 30
   */
  readonly revalidateEverySeconds?: number | undefined;
  /**
   * Maximum time for which a socket stays open while the store does not confirm its session, in whole seconds up to
   * 86,400 and more than `revalidateEverySeconds`. After that, it is closed with 1013.
   *
   * @defaultValue 300
   */
  readonly maxStalenessSeconds?: number | undefined;
  /**
   * Maximum number of sockets per session, 1 or more, or `Infinity`. Further ones are refused with 429, unless a
   * socket's peer does not answer a ping within 2 s: of such sockets, the one that has been silent the longest gives
   * way.
   *
   * @defaultValue 100
   */
  readonly maxSocketsPerSession?: number | undefined;
  /**
   * Maximum number of sockets per user, 1 or more, or `Infinity`, over all the user's sessions in this process. The
   * manager's `users.idOf` identifies the user; a session without a user has only its own limit. Further sockets are
   * refused with 429.
   *
   * @defaultValue `Infinity`
   */
  readonly maxSocketsPerUser?: number | undefined;
  /**
   * Maximum number of messages per minute from one socket, 1 or more, or `Infinity`; also the number allowed at once. A
   * socket that sends more is closed with 4429. Pings do not count. (OWASP WebSocket Security Cheat Sheet)
   *
   * @defaultValue `Infinity`: a client only has to wait for `onMessage`
   */
  readonly maxMessagesPerMinute?: number | undefined;
  /**
   * Time after which a silent peer is sent a ping; it is dropped if it stays silent for as long again. Whole seconds
   * from 1 to 86,400, or `Infinity` for never. Proxies and networks drop idle connections, many of them after a minute.
   *
   * @defaultValue 30
   */
  readonly heartbeatSeconds?: number | undefined;
  /**
   * Called with each received message, in order: the next one once the promise for the one before has settled. Up to 64
   * messages or 1 MiB wait in the meantime; then the socket is paused, or closed with 4429 if it cannot be paused.
   * Messages also wait for an async `onConnection`.
   *
   * @remarks
   * Anything it throws or rejects with is reported to `onEvent` as `failed`, and never ends the process. The socket
   * stays open, unless the session has ended: then it is closed with 1008, and waiting messages are dropped.
   */
  readonly onMessage?:
    | ((socket: Types["socket"], message: Types["message"], session: SocketSession<Attributes>) => unknown)
    | undefined;
  /**
   * Called with each accepted socket, its request and its session.
   *
   * It may be async: messages that arrive in the meantime are kept, for `handshakeTimeoutMs`. If it rejects with a
   * `SessionError`, the error is reported to `onEvent` and the socket is closed with 1013.
   */
  readonly onConnection?:
    | ((socket: Types["socket"], request: Types["request"], session: SocketSession<Attributes>) => void | Promise<void>)
    | undefined;
  /**
   * Called for events on sockets, for logs and metrics. It receives neither ids nor data. Errors that it throws are
   * ignored.
   */
  readonly onEvent?: ((event: SessionSocketEvent) => void) | undefined;
  /**
   * The source of the time.
   *
   * @defaultValue `systemClock`
   */
  readonly clock?: Clock | undefined;
}
