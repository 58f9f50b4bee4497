import { randomText } from "../../random.ts";
import { goneError } from "../failures.ts";
import type { BoundSessions, SessionSource } from "./bound-sessions.ts";
import type { UserIndex, UserTurn } from "./user-index.ts";
import { makeRoom, type UserLimit } from "./user-limit.ts";
import type { UserEntry } from "./user-record.ts";

/** A session that is being bound to a user. */
export interface Binding {
  readonly user: string;
  readonly key: string;
  readonly ttlSeconds: number;
  /** `true` for a copy of a session that stays stored under another key until the copy is stored. */
  readonly isCopy: boolean;
  /** The key under which the session belonged to the user until now. */
  readonly from: string | undefined;
}

const HANDLE_BYTES = 12;

/**
 * The entries of single sessions in the lists of users. Each method is one conditional write of a list, so concurrent
 * changes based on the earlier list start over.
 */
export class SessionEntries {
  readonly #index: UserIndex;
  readonly #sessions: BoundSessions;
  readonly #source: SessionSource;
  readonly #limit: UserLimit;

  constructor(index: UserIndex, sessions: BoundSessions, source: SessionSource, limit: UserLimit) {
    this.#index = index;
    this.#sessions = sessions;
    this.#source = source;
    this.#limit = limit;
  }

  /** Lists a session that is about to be stored. */
  async enter(binding: Binding, turn: UserTurn): Promise<void> {
    const { user, from } = binding;
    const fresh: UserEntry = { ...this.#entryOf(binding), pendingAs: from === undefined ? "new" : "copy" };
    const enter = async (entries: readonly UserEntry[]) =>
      from === undefined
        ? [...(await this.#withRoom(user, othersThan(fresh, entries))), fresh]
        : this.#moved(user, from, fresh, entries);
    await this.#index.change(user, enter, turn);
  }

  /** Lists a session that has been stored, even if its entry was removed as dead in the meantime. */
  async confirm(binding: Binding, turn: UserTurn): Promise<void> {
    const { user, key, from } = binding;
    const fresh = this.#entryOf(binding);
    const confirm = async (entries: readonly UserEntry[]) => {
      const entry = entries.find((each) => each.key === key);
      if (entry) return entries.map((each) => (each === entry ? { ...entry, pendingAs: undefined } : each));
      if (from !== undefined) return this.#moved(user, from, fresh, entries);
      return [...(await this.#withRoom(user, entries)), fresh];
    };
    await this.#index.change(user, confirm, turn);
  }

  /**
   * Removes a session that does not belong to the user (any more). Binding it concurrently changes the list before the
   * session.
   */
  async remove(user: string, key: string, turn: UserTurn): Promise<void> {
    const remove = async (entries: readonly UserEntry[]) => {
      const others = entries.filter((entry) => entry.key !== key);
      if (others.length === entries.length || (await this.#sessions.find(user, key))) return undefined;
      return others;
    };
    await this.#index.change(user, remove, turn);
  }

  /** Restarts the time to live of the list that contains a session, and adds the session if it is missing. */
  async refresh(user: string, key: string, ttlSeconds: number): Promise<void> {
    const isListed = (entries: readonly UserEntry[]) =>
      entries.some((entry) => entry.key === key && entry.ttlSeconds >= ttlSeconds);
    const seen = await this.#index.read(user);
    if (isListed(seen) && (await this.#index.touch(user, seen))) return;
    const list = async (entries: readonly UserEntry[]) => {
      if (entries.some((entry) => entry.key === key)) {
        return entries.map((entry) => (entry.key === key ? { ...entry, ttlSeconds } : entry));
      }
      const isThere = await this.#sessions.find(user, key); // it may have ended since it was read, and its entry with it
      return isThere && [...entries, this.#entryOf({ key, ttlSeconds })];
    };
    await this.#index.alone(user, (turn) => this.#index.change(user, list, turn));
  }

  #entryOf({ key, ttlSeconds }: Pick<Binding, "key" | "ttlSeconds">): UserEntry {
    return { handle: randomText(HANDLE_BYTES), key, boundAt: this.#source.now(), ttlSeconds };
  }

  /**
   * Returns the entries with the session under its new key, in its old position. Its entry is missing if the session
   * was ended in the meantime.
   */
  async #moved(user: string, from: string, fresh: UserEntry, entries: readonly UserEntry[]): Promise<UserEntry[]> {
    const others = othersThan(fresh, entries);
    const index = others.findIndex(({ key }) => key === from);
    const old = others[index];
    if (old) return others.toSpliced(index + 1, 0, { ...fresh, handle: old.handle, boundAt: old.boundAt });
    if ((await this.#sessions.find(user, from)) === undefined) throw goneError();
    return [...others, fresh];
  }

  #withRoom(user: string, others: readonly UserEntry[]): Promise<readonly UserEntry[]> {
    return makeRoom(this.#sessions, this.#limit, user, others);
  }
}

function othersThan({ key }: UserEntry, entries: readonly UserEntry[]): UserEntry[] {
  return entries.filter((entry) => entry.key !== key);
}
