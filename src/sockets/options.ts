import { checkClock, checkCount, checkMethods, checkOptionNames, MAX_DELAY_MS } from "../backend/checks.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { CookieReader } from "../cookie/cookie.ts";
import { type ExpressCookieOptions, expressCookie } from "../cookie/express-cookie.ts";
import type { SessionManager } from "../session/manager.ts";
import type { Session } from "../session/session.ts";
import type { SocketTypes } from "./binding.ts";
import { EventReporter } from "./event-reporter.ts";
import type { SessionSocketEvent } from "./events.ts";
import { createOriginCheck, type OriginCheck } from "./origins.ts";
import type { SocketSession } from "./socket-session.ts";

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
   * The origins of the pages that may connect, each as a browser sends it: scheme, host and, unless it is the usual one, port;
   * or a function that decides. Browsers let every page connect to every host, with the cookies of the user.
   * (OWASP ASVS 5.0, 4.4.2; CWE-1385)
   */
  readonly allowedOrigins: readonly string[] | ((origin: string, request: Types["request"]) => boolean);
  /**
   * Whether a handshake without an origin is taken: programs send none, browsers always do.
   *
   * @defaultValue `false`
   */
  readonly allowMissingOrigin?: boolean | undefined;
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
   * More sockets of one session are refused with 429. 1 or more, or `Infinity`.
   *
   * @defaultValue 100
   */
  readonly maxSocketsPerSession?: number | undefined;
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
   * Where the time comes from.
   *
   * @defaultValue `systemClock`
   */
  readonly clock?: Clock | undefined;
}

/** The options, checked and filled in. */
export interface Settings {
  readonly sessions: SessionManager;
  readonly cookie: Pick<CookieReader, "parse"> & Partial<CookieReader>;
  readonly isAllowed: OriginCheck;
  readonly authorize: SocketOptions["authorize"];
  readonly onConnection: SocketOptions["onConnection"];
  readonly handshakeTimeoutMs: number;
  readonly revalidateEveryMs: number;
  readonly maxStalenessMs: number;
  readonly maxSocketsPerSession: number;
  readonly reporter: EventReporter;
  readonly clock: Clock;
}

export function settingsOf(options: SocketOptions, caller: string): Settings {
  checkOptions(options, caller);
  const { sessions, authorize, onConnection, handshakeTimeoutMs = 5000, clock = systemClock } = options;
  const { revalidateEverySeconds = 30, maxStalenessSeconds = 300, maxSocketsPerSession = 100 } = options;
  checkCount("handshakeTimeoutMs", handshakeTimeoutMs, 1, MAX_DELAY_MS);
  checkCount("revalidateEverySeconds", revalidateEverySeconds, 1, DAY_SECONDS);
  checkCount("maxStalenessSeconds", maxStalenessSeconds, 1, DAY_SECONDS);
  checkClock(clock);
  if (maxStalenessSeconds <= revalidateEverySeconds) {
    throw new RangeError("maxStalenessSeconds must be longer than revalidateEverySeconds.");
  }
  if (maxSocketsPerSession !== Infinity) checkCount("maxSocketsPerSession", maxSocketsPerSession, 1);
  return {
    sessions,
    cookie: cookieOf(options),
    isAllowed: createOriginCheck(options),
    authorize,
    onConnection,
    handshakeTimeoutMs,
    revalidateEveryMs: revalidateEverySeconds * 1000,
    maxStalenessMs: maxStalenessSeconds * 1000,
    maxSocketsPerSession,
    reporter: new EventReporter(options.onEvent, clock),
    clock,
  };
}

const DAY_SECONDS = 86_400;

const optionNames: readonly string[] = [
  "sessions",
  "cookie",
  "allowedOrigins",
  "allowMissingOrigin",
  "authorize",
  "handshakeTimeoutMs",
  "revalidateEverySeconds",
  "maxStalenessSeconds",
  "maxSocketsPerSession",
  "onConnection",
  "onEvent",
  "clock",
];

function checkOptions(options: SocketOptions, caller: string): void {
  checkOptionNames(caller, options, optionNames);
  const { sessions } = options;
  if (typeof sessions !== "object" || sessions === null || !("open" in sessions && "subscribe" in sessions)) {
    throw new TypeError(`${caller} needs \`sessions\`: the manager that createSessionManager makes.`);
  }
  for (const name of ["authorize", "onConnection", "onEvent"] as const) {
    const given = options[name];
    if (given !== undefined && typeof given !== "function") throw new TypeError(`${name} must be a function.`);
  }
}

function cookieOf({ cookie, sessions }: SocketOptions): Settings["cookie"] {
  if (cookie !== undefined && "parse" in cookie) {
    checkMethods("The cookie", cookie, ["parse"]);
    return cookie;
  }
  if (cookie !== undefined) return expressCookie(cookie);
  if (!sessions.format.adoptsIds) return sessions.cookie;
  throw new TypeError("Say which cookie it is that the web application sets: `cookie: { name, secrets }`.");
}
