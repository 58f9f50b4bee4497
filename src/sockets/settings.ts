import { checkClock, checkCount, checkMethods, checkOptionNames, MAX_DELAY_MS } from "../backend/checks.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { CookieReader } from "../cookie/cookie.ts";
import { expressCookie } from "../cookie/express-cookie.ts";
import type { SessionManager } from "../session/manager.ts";
import { type UserOf, userOfSessions } from "../session/user-of.ts";
import { EventReporter } from "./event-reporter.ts";
import { createOriginCheck, type OriginCheck } from "./handshake/origins.ts";
import type { SocketOptions } from "./options.ts";

/** The options, checked and with defaults. */
export interface Settings extends Times, Limits {
  readonly sessions: SessionManager;
  readonly cookie: Pick<CookieReader, "parse"> & Partial<CookieReader>;
  readonly isAllowed: OriginCheck;
  readonly authorize: SocketOptions["authorize"];
  readonly authenticate: SocketOptions["authenticate"];
  readonly onConnection: SocketOptions["onConnection"];
  readonly onMessage: SocketOptions["onMessage"];
  readonly reporter: EventReporter;
  readonly clock: Clock;
}

interface Times {
  readonly handshakeTimeoutMs: number;
  readonly revalidateEveryMs: number;
  readonly maxStalenessMs: number;
  readonly heartbeatMs: number;
}

interface Limits {
  readonly maxSocketsPerSession: number;
  readonly maxSocketsPerUser: number;
  /** `undefined` if users have no limit. */
  readonly userOf: UserOf | undefined;
  readonly maxMessagesPerMinute: number;
}

export function settingsOf(options: SocketOptions, caller: string): Settings {
  checkOptions(options, caller);
  const { sessions, authenticate, authorize, onConnection, onMessage, clock = systemClock } = options;
  checkClock(clock);
  return {
    ...{ sessions, authenticate, authorize, onConnection, onMessage, clock },
    ...timesOf(options),
    ...limitsOf(options),
    cookie: cookieOf(options),
    isAllowed: createOriginCheck(options),
    reporter: new EventReporter(options.onEvent, clock),
  };
}

function timesOf(options: SocketOptions): Times {
  const { handshakeTimeoutMs = 5000, revalidateEverySeconds = 30, maxStalenessSeconds = 300 } = options;
  const { heartbeatSeconds = 30 } = options;
  checkCount("handshakeTimeoutMs", handshakeTimeoutMs, 1, MAX_DELAY_MS);
  checkCount("revalidateEverySeconds", revalidateEverySeconds, 1, DAY_SECONDS);
  checkCount("maxStalenessSeconds", maxStalenessSeconds, 1, DAY_SECONDS);
  if (heartbeatSeconds !== Infinity) checkCount("heartbeatSeconds", heartbeatSeconds, 1, DAY_SECONDS);
  if (maxStalenessSeconds <= revalidateEverySeconds) {
    throw new RangeError("maxStalenessSeconds must be longer than revalidateEverySeconds.");
  }
  return {
    handshakeTimeoutMs,
    revalidateEveryMs: revalidateEverySeconds * 1000,
    maxStalenessMs: maxStalenessSeconds * 1000,
    heartbeatMs: heartbeatSeconds * 1000,
  };
}

function limitsOf(options: SocketOptions): Limits {
  const { maxSocketsPerSession = 100, maxSocketsPerUser = Infinity, maxMessagesPerMinute = Infinity } = options;
  const limits = { maxSocketsPerSession, maxSocketsPerUser, maxMessagesPerMinute };
  for (const [name, limit] of Object.entries(limits)) if (limit !== Infinity) checkCount(name, limit, 1);
  const userOf = maxSocketsPerUser === Infinity ? undefined : userOfSessions(options.sessions);
  if (maxSocketsPerUser !== Infinity && userOf === undefined) {
    throw new TypeError(
      "maxSocketsPerUser needs `users` in the options of the manager, which identify a session's user.",
    );
  }
  return { ...limits, userOf };
}

const DAY_SECONDS = 86_400;

const optionNames: readonly string[] = [
  "sessions",
  "cookie",
  "allowedOrigins",
  "allowMissingOrigin",
  "authenticate",
  "authorize",
  "handshakeTimeoutMs",
  "revalidateEverySeconds",
  "maxStalenessSeconds",
  "maxSocketsPerSession",
  "maxSocketsPerUser",
  "maxMessagesPerMinute",
  "heartbeatSeconds",
  "onMessage",
  "onConnection",
  "onEvent",
  "clock",
];

function checkOptions(options: SocketOptions, caller: string): void {
  checkOptionNames(caller, options, optionNames);
  const { sessions } = options;
  if (typeof sessions !== "object" || sessions === null || !("open" in sessions && "subscribe" in sessions)) {
    throw new TypeError(`${caller} needs \`sessions\`: a manager from createSessionManager.`);
  }
  for (const name of ["authenticate", "authorize", "onConnection", "onMessage", "onEvent"] as const) {
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
  if (!sessions.format.acceptsForeignIds) return sessions.cookie;
  throw new TypeError("The cookie of the web application is missing: set `cookie: { name, secrets }`.");
}
