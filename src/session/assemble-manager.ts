import { checkClock, checkCount, checkMethods, MAX_TTL_SECONDS } from "../backend/checks.ts";
import { systemClock } from "../clock.ts";
import { createSessionCookie } from "../cookie/cookie.ts";
import { checkFormat } from "../formats/check-format.ts";
import type { SessionFormat, SessionLimits } from "../formats/format.ts";
import { offerClock } from "./clock-of.ts";
import { CommitQueue } from "./commit/commit-queue.ts";
import { ProcessTurns } from "./commit/process-turns.ts";
import { ReadOnlyViews } from "./draft/read-only-views.ts";
import { isDraft } from "./draft/record-of.ts";
import type { ChannelLink } from "./events/channel-link.ts";
import { SessionEvents } from "./events/session-events.ts";
import { SessionWrites } from "./events/session-writes.ts";
import type { SessionManager, SessionManagerOptions } from "./manager.ts";
import type { TypedAttributes } from "./schema/typed-attributes.ts";
import { SessionCalls } from "./session-calls.ts";
import { RecordEndings } from "./storage/record-endings.ts";
import { RecordStore } from "./storage/record-store.ts";
import { StoredSessions } from "./stored-sessions.ts";
import { offerLifetimes } from "./ttl-seconds-of.ts";
import { offerUserOf } from "./user-of.ts";
import type { ManagerParts, Users } from "./users/create-users.ts";

/** The parts that not every manager has: passed in, so that bundlers leave out the code of those that nobody passes. */
export interface OptionalParts {
  readonly link?: ChannelLink | undefined;
  readonly typed?: TypedAttributes | undefined;
  createUsers?(parts: ManagerParts): Users;
}

/** Creates a manager of its parts. The names of the options have been checked. */
export function assembleManager(
  options: SessionManagerOptions,
  format: SessionFormat,
  { link, typed, createUsers }: OptionalParts,
): SessionManager {
  checkMethods("The handler", options.handler, ["read", "write", "touch", "destroy", "close"]);
  const { handler, touchEverySeconds = 60, maxConflicts = 1000, cacheBytes = 2 ** 24, clock = systemClock } = options;
  checkFormat(format);
  checkClock(clock);
  if (handler.maxBytes !== undefined) checkCount("maxBytes of the handler", handler.maxBytes, 1);
  const limits = limitsOf(format, options);
  checkCount("touchEverySeconds", touchEverySeconds, 0);
  checkCount("maxConflicts", maxConflicts, 0);
  checkCount("cacheBytes", cacheBytes, 0);
  const records = new RecordStore(handler, format, limits, clock, { touchEverySeconds, cacheBytes, typed });
  const calls = new SessionCalls(clock);
  const turns = new ProcessTurns(handler, format.keyPrefix, clock);
  const events = new SessionEvents(link, clock);
  const writes = new SessionWrites(events.hashOf, clock);
  const commits = new CommitQueue({ records, turns, writes, maxConflicts }, clock);
  const endings = new RecordEndings(handler, records);
  const drafts = { format, maxBytes: records.maxBytes, times: records.times, typed, views: new ReadOnlyViews() };
  const context = { records, endings, drafts, calls, commits, events, writes, maxConflicts };
  const users = createUsers?.({ handler, clock, ...context });
  const cookie = createSessionCookie(
    (id) => format.isId(id),
    options.cookie,
    (reason) => events.refuse(reason),
    (session) => (isDraft(session) ? records.times.cookieAge(session.metadata) : undefined),
  );
  StoredSessions.prepare();
  const sessions = new StoredSessions(handler, context, cookie, link, users);
  offerClock(sessions, clock);
  offerLifetimes(sessions, { format, times: records.times });
  if (users) offerUserOf(sessions, users.identities);
  return sessions;
}

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
