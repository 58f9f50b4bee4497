import type { Clock } from "../clock.ts";
import type { CookieReader } from "../cookie/cookie.ts";
import type { ExpressCookieOptions } from "../cookie/express-cookie.ts";
import type { SessionManager } from "../session/manager.ts";
import type { Session } from "../session/session.ts";
import type { SocketTypes } from "./binding.ts";
import type { SessionSocketEvent } from "./events.ts";
import type { SocketSession } from "./socket-session.ts";

/**
 * Says which session a handshake is for: by its id, as a `Session` does, or by a ticket.
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
  /** The sessions, on the same manager as those of the web application. Stays open when the sockets are closed. */
  readonly sessions: SessionManager<Attributes>;
  /**
   * The cookie in which the handshake carries the session id: the name and the secrets of express-session, or anything that
   * finds an id in a `Cookie` header.
   *
   * @defaultValue the cookie of the manager, in formats that make their ids themselves; that of express-session must be given
   */
  readonly cookie?: ExpressCookieOptions | Pick<CookieReader, "parse"> | undefined;
  /**
   * The origins of the pages that may connect, each as a browser sends it: scheme, host and, unless it is the usual one, port; those of
   * applications and extensions, such as `capacitor://localhost`; `https://*.app.example` for all hosts below `app.example`, which is to
   * trust each of them; or a function that decides, perhaps later. Browsers let every page connect to every host, with the cookies of
   * the user. (OWASP ASVS 5.0, 4.4.2; CWE-1385)
   */
  readonly allowedOrigins:
    | readonly string[]
    | ((origin: string, request: Types["request"]) => boolean | Promise<boolean>);
  /**
   * Whether a handshake without an origin is taken: programs send none, browsers always do.
   *
   * @defaultValue `false`
   */
  readonly allowMissingOrigin?: boolean | undefined;
  /**
   * Says which session the handshake is for, where it carries no cookie: by its id, or by a ticket of `sessions.tickets`, which is
   * redeemed. `undefined`: the cookie decides. It is asked after the origin, and within the deadline.
   *
   * `auth` is the `auth` of a client of socket.io, as that has sent it; elsewhere, there is none.
   *
   * @remarks
   * A secret in a query stands in the logs of whatever is in between: that must be nothing but a ticket. Of a secret among the sub-protocols,
   * none may be echoed. (`docs/tickets.md`)
   */
  readonly authenticate?:
    | ((request: Types["request"], auth: unknown) => SessionClaim | undefined | Promise<SessionClaim | undefined>)
    | undefined;
  /**
   * Decides whether this session may have a socket, because somebody has signed in for instance. `false`: 403.
   *
   * @defaultValue every session may
   */
  readonly authorize?:
    | ((session: Session<Attributes>, request: Types["request"]) => boolean | Promise<boolean>)
    | undefined;
  /**
   * A handshake that is not through after so many milliseconds is refused with 503; from 1 to 2^31 - 1.
   *
   * @defaultValue 5000
   */
  readonly handshakeTimeoutMs?: number | undefined;
  /**
   * Looks at least so often whether a session is still there, in whole seconds from 1 to 86,400. (OWASP WebSocket Security Cheat
   * Sheet: "periodically re-validate")
   *
   * @defaultValue 30
   */
  readonly revalidateEverySeconds?: number | undefined;
  /**
   * How long a socket stays while the store does not say whether its session is still there; whole seconds up to 86,400, and more
   * than `revalidateEverySeconds`. Then it is closed with 1013.
   *
   * @defaultValue 300
   */
  readonly maxStalenessSeconds?: number | undefined;
  /**
   * More sockets of one session are refused with 429, unless there is one whose peer does not answer a ping within 2 s: the one of these
   * that has been silent the longest gives way. 1 or more, or `Infinity`.
   *
   * @defaultValue 100
   */
  readonly maxSocketsPerSession?: number | undefined;
  /**
   * More sockets of one user are refused with 429, over all sessions of the user in this process, as `users.idOf` of the manager
   * tells whose they are; a session that is nobody's has no limit but its own. 1 or more, or `Infinity`.
   *
   * @defaultValue `Infinity`
   */
  readonly maxSocketsPerUser?: number | undefined;
  /**
   * A socket that sends more messages is closed with 4429: more than so many at once, or than so many a minute after that. 1 or more, or
   * `Infinity`. Pings do not count. (OWASP WebSocket Security Cheat Sheet)
   *
   * @defaultValue `Infinity`: a client has to wait for `onMessage`, and that is all
   */
  readonly maxMessagesPerMinute?: number | undefined;
  /**
   * A peer from which nothing has come in for so many seconds is sent a ping, and cut off when nothing comes in for as long again; whole
   * seconds from 1 to 86,400, or `Infinity` for never. Proxies and networks drop connections that are idle, many of them after a minute.
   *
   * @defaultValue 30
   */
  readonly heartbeatSeconds?: number | undefined;
  /**
   * Called with each message that comes in, in order: the next one when the promise for the one before has settled. Up to 64 messages,
   * or 1 MiB, wait meanwhile; then the socket is paused, or closed with 4429 where it cannot be. Messages wait for an async `onConnection`,
   * too.
   *
   * @remarks
   * What it throws or rejects with is told to `onEvent` as `failed`, whatever it is, and never ends the process. The socket stays open,
   * unless the session has ended: then it is closed with 1008, and messages that wait are dropped.
   */
  readonly onMessage?:
    | ((socket: Types["socket"], message: Types["message"], session: SocketSession<Attributes>) => unknown)
    | undefined;
  /**
   * Called with each socket that has come through, its request and its session.
   *
   * It may be async: messages that come meanwhile are kept, for `handshakeTimeoutMs`. When it rejects with a `SessionError`, that is
   * told to `onEvent` and the socket is closed with 1013.
   */
  readonly onConnection?:
    | ((socket: Types["socket"], request: Types["request"], session: SocketSession<Attributes>) => void | Promise<void>)
    | undefined;
  /** Hears what happens to sockets, for logs and metrics. It is told neither ids nor data. What it throws is ignored. */
  readonly onEvent?: ((event: SessionSocketEvent) => void) | undefined;
  /**
   * The source of the time.
   *
   * @defaultValue `systemClock`
   */
  readonly clock?: Clock | undefined;
}
