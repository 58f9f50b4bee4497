import { attempt } from "../../backend/call.ts";
import { checkOptionNames, checkSignal } from "../../backend/checks.ts";
import { replaceOutcome } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import type { OperationOptions } from "../../handler.ts";
import type { SessionCalls } from "../calls.ts";
import { followForwards } from "../storage/forwarding.ts";
import type { RecordStore } from "../storage/record-store.ts";
import { type BoundSession, type BoundSessions, inBatches } from "./bound-sessions.ts";
import type { Identities } from "./identities.ts";
import type { UserIndex } from "./user-index.ts";
import type { UserEntry } from "./user-record.ts";

/**
 * A session of a user, as the user may see it.
 *
 * @public
 */
export interface UserSession {
  /** Names the session to {@link UserSessions.end}. It is neither its id nor its key, and stays when the session gets another id. */
  readonly handle: string;
  /** The text that `label` has returned. */
  readonly label: string | undefined;
  /** When it was created, in milliseconds since 1970, in formats that know. */
  readonly createdAt: number | undefined;
  /** When it became the user's, by signing in, in milliseconds since 1970. */
  readonly boundAt: number;
  /** When it was last changed, in milliseconds since 1970, in formats that know. Use that changes nothing leaves no trace. */
  readonly lastUsedAt: number | undefined;
  /** When it ends, in milliseconds since 1970, if it is used now and not any more. */
  readonly expiresAt: number;
  /** `true` for the one that was given as `current`. */
  readonly isCurrent: boolean;
}

/**
 * The options of {@link UserSessions.list}.
 *
 * @public
 */
export interface ListUserSessionsOptions extends OperationOptions {
  /** The session of whoever asks: a `Session`, or `req.session` of express-session. */
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
  /** Those that there are, in the order in which the user has signed in. */
  list(options?: ListUserSessionsOptions): Promise<UserSession[]>;
  /** Ends one of them, for everybody. Ending one that is not there (any more) resolves. */
  end(handle: string, options?: OperationOptions): Promise<void>;
  /**
   * Ends all of them, or all but one. Of those that had been the user's before, none is there any more when it resolves, whatever goes
   * on at the same time; when it rejects, some may be. Who signs in meanwhile may stay.
   */
  endAll(options?: EndUserSessionsOptions): Promise<void>;
}

/** The parts by which the sessions of all users of a manager are found. */
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
      return entries.flatMap((entry, place) => {
        const session = found[place];
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

  /** Begins again with whatever has been listed meanwhile: a session that has moved, for instance. */
  #endThose(isMeant: (entry: UserEntry, entries: readonly UserEntry[]) => boolean): Promise<void> {
    const { index, sessions } = this.#context;
    return index.alone(this.#user, async (turn) => {
      const endAndForget = async (entries: readonly UserEntry[]) => {
        const meant = entries.filter((entry) => isMeant(entry, entries));
        if (meant.length === 0) return undefined;
        await sessions.endAll(this.#user, meant);
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

  /** Where an id in its grace time leads to the session, that is the session meant. */
  async #keyOf(session: { readonly id: string } | undefined): Promise<string | undefined> {
    const { records } = this.#context;
    if (session === undefined || !records.format.isId(session.id)) return undefined;
    const key = await records.format.keyOf(session.id);
    if (!records.format.keepsForwards) return key;
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
