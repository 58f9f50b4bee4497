import { checkClock, checkCount, checkMethods, checkOptionNames, MAX_TTL_SECONDS } from "../backend/checks.ts";
import { systemClock } from "../clock.ts";
import { createSessionCookie } from "../cookie/cookie.ts";
import { checkFormat } from "../formats/check-format.ts";
import type { SessionFormat, SessionLimits } from "../formats/format.ts";
import { nativeFormat } from "../formats/native.ts";
import { CommitQueue } from "./commit/commit-queue.ts";
import { ProcessTurns } from "./commit/process-turns.ts";
import { ChannelLink } from "./events/channel-link.ts";
import { SessionEvents } from "./events/session-events.ts";
import type { SessionManager, SessionManagerOptions } from "./manager.ts";
import { SessionCalls } from "./session-calls.ts";
import { RecordStore } from "./storage/record-store.ts";
import { StoredSessions } from "./stored-sessions.ts";
import { createUsers } from "./users/create-users.ts";
import type { SessionUsersOptions } from "./users/options.ts";
import { offerClock } from "./wrapping/clock-of.ts";
import { offerUserOf } from "./wrapping/user-of.ts";

/**
 * Creates the manager of an application's sessions.
 *
 * @remarks
 * Callers share the work under way for a session, and continue without a caller that has left. A request cancelled by
 * Cloudflare Workers is noticed within half a second, and others wait for a single reply of the store for at most 10 s
 * if the handler has no deadline.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function createSessionManager<Attributes extends object = Record<string, unknown>>(
  options: SessionManagerOptions<Attributes>,
): SessionManager<Attributes> {
  checkOptionNames("createSessionManager", options, optionNames);
  checkMethods("The handler", options.handler, ["read", "write", "touch", "destroy", "close"]);
  const {
    handler,
    format = nativeFormat(),
    touchEverySeconds = 60,
    maxConflicts = 1000,
    cacheBytes = 2 ** 24,
    channel,
    users,
    clock = systemClock,
  } = options;
  checkFormat(format);
  checkClock(clock);
  if (handler.maxBytes !== undefined) checkCount("maxBytes of the handler", handler.maxBytes, 1);
  const limits = limitsOf(format, options);
  checkCount("touchEverySeconds", touchEverySeconds, 0);
  checkCount("maxConflicts", maxConflicts, 0);
  checkCount("cacheBytes", cacheBytes, 0);
  const link = new ChannelLink(channel === undefined ? [] : [channel].flat(), clock);
  const records = new RecordStore(handler, format, limits, clock, { touchEverySeconds, cacheBytes });
  const events = new SessionEvents(link, clock);
  const context = {
    records,
    calls: new SessionCalls(clock),
    commits: new CommitQueue(
      { records, turns: new ProcessTurns(handler, format.keyPrefix, clock), maxConflicts },
      clock,
    ),
    events,
    maxConflicts,
  };
  const ofUsers = users && createUsers(users as SessionUsersOptions, { handler, clock, ...context }); // the attributes exist only in the type
  const cookie = createSessionCookie(
    (id) => format.isId(id),
    options.cookie,
    (reason) => events.refuse(reason),
  );
  StoredSessions.prepare();
  const sessions: SessionManager = new StoredSessions(handler, context, cookie, link, ofUsers);
  offerClock(sessions, clock);
  if (ofUsers) offerUserOf(sessions, ofUsers.identities);
  return sessions as unknown as SessionManager<Attributes>; // the attributes exist only in the type
}

const optionNames = [
  "handler",
  "format",
  "idleTimeoutSeconds",
  "lifetimeSeconds",
  "touchEverySeconds",
  "maxConflicts",
  "cacheBytes",
  "channel",
  "users",
  "cookie",
  "clock",
];

function limitsOf(
  format: SessionFormat,
  options: Pick<SessionManagerOptions, "idleTimeoutSeconds" | "lifetimeSeconds">,
): SessionLimits {
  const { idleTimeoutSeconds = format.defaults.idleTimeoutSeconds, lifetimeSeconds = format.defaults.lifetimeSeconds } =
    options;
  checkCount("idleTimeoutSeconds", idleTimeoutSeconds, 1, MAX_TTL_SECONDS);
  if (lifetimeSeconds === undefined || lifetimeSeconds === Infinity) return { idleTimeoutSeconds };
  checkCount("lifetimeSeconds", lifetimeSeconds, 1, MAX_TTL_SECONDS);
  if (options.lifetimeSeconds === undefined && idleTimeoutSeconds > lifetimeSeconds) {
    throw new RangeError(
      `idleTimeoutSeconds exceeds the lifetime of ${lifetimeSeconds} s: set lifetimeSeconds as well, for instance to Infinity.`,
    );
  }
  if (format.defaults.lifetimeSeconds === undefined) {
    throw new TypeError(
      `The ${format.name} format does not know when a session was created, so it cannot have a lifetime.`,
    );
  }
  return { idleTimeoutSeconds, lifetimeSeconds };
}
