import type { Clock } from "../../clock.ts";
import type { SessionHandler } from "../../handler.ts";
import type { DraftParts } from "../draft/draft.ts";
import type { SessionEvents } from "../events/session-events.ts";
import type { SessionCalls } from "../session-calls.ts";
import type { RecordEndings } from "../storage/record-endings.ts";
import type { RecordStore } from "../storage/record-store.ts";
import { BoundSessions, type SessionSource } from "./bound-sessions.ts";
import { checkedUser, Identities } from "./identities.ts";
import { checkUsersOptions, type SessionUsersOptions } from "./options.ts";
import { SessionEntries } from "./session-entries.ts";
import { UserBindings } from "./user-bindings.ts";
import { UserIndex } from "./user-index.ts";
import { StoredUserSessions, type UserSessions } from "./user-sessions.ts";

/** The parts of a manager on which the users' sessions are built. */
export interface ManagerParts {
  readonly handler: SessionHandler;
  readonly records: RecordStore;
  readonly endings: RecordEndings;
  readonly drafts: DraftParts;
  readonly calls: SessionCalls;
  readonly events: SessionEvents;
  readonly clock: Clock;
  readonly maxConflicts: number;
}

/** The sessions of a manager by user. */
export interface Users {
  readonly identities: Identities;
  /** Returns the sessions of a user; `undefined` for an id that stands for no user. */
  ofUser(userId: unknown): UserSessions | undefined;
}

/** Creates the lists of sessions by user for a manager. */
export function createUsers(options: SessionUsersOptions, parts: ManagerParts): Users {
  checkUsersOptions(options);
  const { handler, records, endings, drafts, calls, events, clock, maxConflicts } = parts;
  const { format, createToken } = records;
  const identities = new Identities(options, drafts);
  const source: SessionSource = {
    ...{ handler, format, identities },
    decode: (data) => records.decode(data),
    now: () => records.times.now(),
    secondsLeft: (record) => records.times.secondsLeft(record),
    endUnsettled: (key) => endings.endUnsettled(key),
    ended: (key, reason) => events.emit({ type: "ended", id: format.idOf?.(key), key, reason }),
  };
  const index = new UserIndex(handler, clock, { namespace: format.keyPrefix, maxConflicts, createToken });
  const sessions = new BoundSessions(source);
  const { maxSessions = Infinity, whenFull = "end-oldest" } = options;
  const entries = new SessionEntries(index, sessions, source, { maxSessions, whenFull });
  records.users = new UserBindings(index, entries, sessions, source);
  const context = { index, sessions, identities, records, calls };
  return {
    identities,
    ofUser(userId) {
      const user = checkedUser(userId);
      return user === undefined ? undefined : new StoredUserSessions(context, user);
    },
  };
}
