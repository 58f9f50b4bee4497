import { attempt } from "../../backend/call.ts";
import { checkOptionNames, checkSignal } from "../../backend/checks.ts";
import { replaceOutcome } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import type { OperationOptions } from "../../handler.ts";
import type { SessionCalls } from "../session-calls.ts";
import { followForwards } from "../storage/forwarding.ts";
import type { RecordStore } from "../storage/record-store.ts";
import { type BoundSession, type BoundSessions, inBatches } from "./bound-sessions.ts";
import type { Identities } from "./identities.ts";
import type { UserIndex } from "./user-index.ts";
import type { UserEntry } from "./user-record.ts";

/**
 * A session of a user, as shown to the user.
 *
 * @public
 */
export interface UserSession {
  /**
   * Identifies the session for {@link UserSessions.end}. It is neither the id nor the key, and does not change when the
   * session gets another id.
   */
  readonly handle: string;
  /** The description that `label` has returned. */
  readonly label: string | undefined;
  /** The time of creation, in milliseconds since 1970, in formats that store it. */
  readonly createdAt: number | undefined;
  /** The time at which it was bound to the user, by signing in, in milliseconds since 1970. */
  readonly boundAt: number;
  /**
   * The time of the last change, in milliseconds since 1970, in formats that store it. Use without a change is not
   * recorded.
   */
  readonly lastUsedAt: number | undefined;
  /** The time at which it expires, in milliseconds since 1970, if it is used now and never again. */
  readonly expiresAt: number;
  /** `true` for the session given as `current`. */
  readonly isCurrent: boolean;
}

/**
 * The options of {@link UserSessions.list}.
 *
 * @public
 */
export interface ListUserSessionsOptions extends OperationOptions {
  /** The caller's own session: a `Session`, or `req.session` of express-session. */
  readonly current?: { readonly id: string } | undefined;
}

/**
 * The options of {@link UserSessions.endAll}.
 *
 * @public
 */
export interface EndUserSessionsOptions extends OperationOptions {
  /** The session that stays: a `Session`, or `req.session` of express-session. */
  readonly except?: { readonly id: string } | undefined;
}

/**
 * The sessions of one user.
 *
 * @public
 */
export interface UserSessions {
  /** Returns the existing sessions, in the order in which the user signed in. */
  list(options?: ListUserSessionsOptions): Promise<UserSession[]>;
  /** Ends one of the sessions, for everyone. Ending one that does not exist (any more) resolves. */
  end(handle: string, options?: OperationOptions): Promise<void>;
  /**
   * Ends all sessions, or all but one. Once it has resolved, none of the sessions that belonged to the user before
   * exists any more, whatever runs concurrently; if it rejects, some may. A session that signs in meanwhile may stay.
   */
  endAll(options?: EndUserSessionsOptions): Promise<void>;
}

/** The parts needed to find the sessions of a manager's users. */
export interface UserContext {
  readonly index: UserIndex;
  readonly sessions: BoundSessions;
  readonly identities: Identities;
  readonly records: RecordStore;
  readonly calls: SessionCalls;
}

export class StoredUserSessions implements UserSessions {
  readonly #context: UserContext;
  readonly #user: string;

  constructor(context: UserContext, user: string) {
    this.#context = context;
    this.#user = user;
  }

  list(options: ListUserSessionsOptions = {}): Promise<UserSession[]> {
    return this.#run("list", options, "current", async () => {
      const { index, sessions } = this.#context;
      const current = await this.#keyOf(options.current);
      const entries = await index.read(this.#user);
      const found = await inBatches(entries, ({ key }) => sessions.find(this.#user, key));
      return entries.flatMap((entry, index) => {
        const session = found[index];
        return session ? [this.#shown(entry, session, current)] : [];
      });
    });
  }

  end(handle: string, options: OperationOptions = {}): Promise<void> {
    return this.#run("end", options, undefined, () => this.#endThose((entry) => entry.handle === handle));
  }

  endAll(options: EndUserSessionsOptions = {}): Promise<void> {
    return this.#run("endAll", options, "except", async () => {
      const key = await this.#keyOf(options.except);
      await this.#endThose((entry, entries) => entries.find((each) => each.key === key)?.handle !== entry.handle);
    });
  }

  /**
   * Ends the selected sessions. Starts over if the list has changed in the meantime, for instance because a session has
   * moved.
   */
  #endThose(isMeant: (entry: UserEntry, entries: readonly UserEntry[]) => boolean): Promise<void> {
    const { index, sessions } = this.#context;
    return index.alone(this.#user, async (turn) => {
      const endAndForget = async (entries: readonly UserEntry[]) => {
        const meant = entries.filter((entry) => isMeant(entry, entries));
        if (meant.length === 0) return undefined;
        await sessions.endAll(this.#user, meant, "user");
        return entries.filter((entry) => !meant.includes(entry));
      };
      await index
        .change(this.#user, endAndForget, turn)
        .catch((error) => Promise.reject(replaceOutcome(error, "unknown")));
    });
  }

  #shown({ handle, key, boundAt }: UserEntry, { record }: BoundSession, current: string | undefined): UserSession {
    const { identities, records } = this.#context;
    return {
      handle,
      label: identities.labelOf(record),
      createdAt: timeIn(record, "createdAt"),
      boundAt,
      lastUsedAt: timeIn(record, "updatedAt"),
      expiresAt: records.times.now() + records.times.secondsLeft(record) * 1000,
      isCurrent: key === current,
    };
  }

  /** Follows an id in its grace period to the session that it leads to. */
  async #keyOf(session: { readonly id: string } | undefined): Promise<string | undefined> {
    const { records } = this.#context;
    if (session === undefined || !records.format.isId(session.id)) return undefined;
    const key = await records.format.keyOf(session.id);
    if (!records.format.storesForwards) return key;
    return (await followForwards(records, key, await records.read(key, false), false)).key;
  }

  #run<T>(method: string, options: OperationOptions, own: string | undefined, run: () => Promise<T>): Promise<T> {
    return attempt(() => {
      checkOptionNames(method, options, own === undefined ? ["signal"] : [own, "signal"]);
      checkSignal(options.signal);
      return this.#context.calls.run(options.signal, (call) => {
        call.sent = own !== "current";
        return run();
      });
    });
  }
}

function timeIn({ metadata }: SessionRecord, name: string): number | undefined {
  const time = metadata.get(name);
  return typeof time === "number" ? time : undefined;
}
