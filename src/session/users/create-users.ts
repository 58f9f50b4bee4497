import type { Clock } from "../../clock.ts";
import type { SessionHandler } from "../../handler.ts";
import type { SessionEvents } from "../events/session-events.ts";
import type { SessionCalls } from "../session-calls.ts";
import type { RecordStore } from "../storage/record-store.ts";
import { BoundSessions, type SessionSource } from "./bound-sessions.ts";
import { Identities } from "./identities.ts";
import { checkUsersOptions, type SessionUsersOptions } from "./options.ts";
import { SessionEntries } from "./session-entries.ts";
import { UserBindings } from "./user-bindings.ts";
import { UserIndex } from "./user-index.ts";
import type { UserContext } from "./user-sessions.ts";

/** The parts of a manager on which the users' sessions are built. */
export interface ManagerParts {
  readonly handler: SessionHandler;
  readonly records: RecordStore;
  readonly calls: SessionCalls;
  readonly events: SessionEvents;
  readonly clock: Clock;
  readonly maxConflicts: number;
}

/** Creates the lists of sessions by user for a manager. */
export function createUsers(options: SessionUsersOptions, parts: ManagerParts): UserContext {
  checkUsersOptions(options);
  const { handler, records, calls, events, clock, maxConflicts } = parts;
  const { format, createToken } = records;
  const identities = new Identities(options, records);
  const source: SessionSource = {
    ...{ handler, format, identities },
    now: () => records.times.now(),
    secondsLeft: (record) => records.times.secondsLeft(record),
    endUnsettled: (key) => records.eraseUnsettled(key),
    ended: (key) => events.emit({ type: "ended", id: format.idOf?.(key), key, reason: "destroyed" }),
  };
  const index = new UserIndex(handler, clock, { namespace: format.keyPrefix, maxConflicts, createToken });
  const sessions = new BoundSessions(source);
  const { maxSessions = Infinity, whenFull = "end-oldest" } = options;
  const entries = new SessionEntries(index, sessions, source, { maxSessions, whenFull });
  records.users = new UserBindings(index, entries, sessions, source);
  return { index, sessions, identities, records, calls };
}
