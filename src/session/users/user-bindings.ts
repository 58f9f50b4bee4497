import { replaceOutcome } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { RecentlyUsed } from "../../recently-used.ts";
import { goneError, isInDoubt } from "../failures.ts";
import type { BoundSessions, SessionSource } from "./bound-sessions.ts";
import type { Binding, SessionEntries } from "./session-entries.ts";
import type { UserIndex, UserTurn } from "./user-index.ts";

/** A session that is to be stored. */
export interface UserWrite {
  readonly key: string;
  readonly record: SessionRecord;
  /** The record that it replaces under this key. */
  readonly replaced: SessionRecord | undefined;
  /** The record under another key of which it is a copy. */
  readonly origin: { readonly key: string; readonly record: SessionRecord } | undefined;
  /** The longest time that it lives. */
  readonly ttlSeconds: number;
}

/** The result of a write, and what is there since. */
interface Stored {
  readonly isWritten: boolean;
  readonly snapshot: { readonly stored: { readonly record: SessionRecord } | undefined };
}

type Take<Result> = (result: Result) => Promise<unknown>;

const MAX_REMEMBERED = 10_000;

/**
 * Keeps the list of each user's sessions in step with the sessions. A session is in the list before it is stored, and once more
 * afterwards, in case that somebody has taken the entry for dead; it is taken out when it has been read that it is not (any more) the
 * user's.
 */
export class UserBindings {
  readonly #index: UserIndex;
  readonly #entries: SessionEntries;
  readonly #sessions: BoundSessions;
  readonly #source: SessionSource;
  /** Bindings whose session may have been stored, and that have not been confirmed, by key. */
  readonly #unconfirmed = new RecentlyUsed<Binding>(MAX_REMEMBERED);
  /** When the list was last seen to hold a session that is used, by key. */
  readonly #keptAlive = new RecentlyUsed<{ readonly atMs: number; readonly ttlSeconds: number }>(MAX_REMEMBERED);

  constructor(index: UserIndex, entries: SessionEntries, sessions: BoundSessions, source: SessionSource) {
    this.#index = index;
    this.#entries = entries;
    this.#sessions = sessions;
    this.#source = source;
  }

  userOf(record: SessionRecord | undefined): string | undefined {
    return this.#source.identities.userOf(record);
  }

  /**
   * Stores a session by `store`, and keeps the lists of those users in step whose it is and was. `take` takes back what was stored when
   * it must not be.
   */
  async around<Result extends Stored>(
    write: UserWrite,
    store: () => Promise<Result>,
    take: Take<Result>,
  ): Promise<Result> {
    const { key, record, replaced, origin, ttlSeconds } = write;
    const [user, before] = [this.#source.identities.checkedUserOf(record), this.userOf(replaced)];
    if (user !== undefined && user !== before) {
      const from = this.userOf(origin?.record) === user ? origin?.key : undefined;
      const isCopy = origin !== undefined;
      const result = await this.#bind({ user, key, isCopy, from, ttlSeconds }, store, take);
      if (result.isWritten) await this.release(before, key);
      return result;
    }
    const result = await store();
    await this.settle(key, result.snapshot.stored?.record);
    if (result.isWritten && user === undefined) await this.release(before, key);
    else if (result.isWritten) await this.keepAlive(key, record, ttlSeconds);
    return result;
  }

  /** Called with each session that is read: a save whose reply was lost may be about to be found to be stored. */
  settle(key: string, record: SessionRecord | undefined): Promise<void> | undefined {
    const binding = this.#unconfirmed.get(key);
    if (binding === undefined || record === undefined || this.userOf(record) !== binding.user) return undefined;
    return this.#index.alone(binding.user, (turn) =>
      this.#confirm(binding, turn).catch(async (error) => {
        if (!isTooMany(error)) throw error;
        this.#unconfirmed.delete(key);
        await this.#sessions.end(binding.user, { key });
        throw goneError("unknown");
      }),
    );
  }

  /** Takes a session out of the list of a user to whom it does not belong any more. Else it is found out later. */
  async release(user: string | undefined, key: string): Promise<void> {
    if (user === undefined) return;
    this.#keptAlive.delete(key);
    await this.#index.alone(user, (turn) => this.#entries.remove(user, key, turn)).catch(() => {});
  }

  /** Lets the list live as long as a session that is used. One that is not in it was bound before anybody kept a list. */
  async keepAlive(key: string, record: SessionRecord, ttlSeconds: number): Promise<void> {
    const user = this.userOf(record);
    if (user === undefined) return;
    const atMs = this.#source.now();
    const last = this.#keptAlive.get(key);
    if (last && last.ttlSeconds >= ttlSeconds && Math.abs(atMs - last.atMs) < (last.ttlSeconds * 1000) / 2) return;
    try {
      await this.#entries.refresh(user, key, ttlSeconds);
      this.#keptAlive.set(key, { atMs, ttlSeconds });
    } catch {} // the next use tries again, and the list lives twice as long as it must
  }

  #bind<Result extends Stored>(binding: Binding, store: () => Promise<Result>, take: Take<Result>): Promise<Result> {
    const { user, key, isCopy } = binding;
    return this.#index.alone(user, async (turn) => {
      await this.#entries.enter(binding, turn).catch((error) => Promise.reject(replaceOutcome(error, "not-applied")));
      if (!isCopy) this.#unconfirmed.set(key, binding);
      const result = await store().catch(async (error) => {
        if (!isInDoubt(error)) await this.#withdraw(binding, turn);
        throw error;
      });
      turn.progress();
      // Who was faster may have been an attempt of this process that nobody has heard of.
      const isBound = result.isWritten || this.userOf(result.snapshot.stored?.record) === user;
      if (isBound) await this.#confirm(binding, turn).catch((error) => this.#refuse(error, binding, result, take));
      else await this.#withdraw(binding, turn);
      return result;
    });
  }

  async #confirm(binding: Binding, turn: UserTurn): Promise<void> {
    const { key, ttlSeconds } = binding;
    await this.#entries.confirm(binding, turn);
    this.#unconfirmed.delete(key);
    this.#keptAlive.set(key, { atMs: this.#source.now(), ttlSeconds });
  }

  /**
   * What there is no room for any more, and a copy, is taken back. Otherwise it is stored, and the list is put right
   * when it is seen again.
   */
  async #refuse<Result extends Stored>(error: unknown, { isCopy, key }: Binding, result: Result, take: Take<Result>) {
    if (!result.isWritten || !(isCopy || isTooMany(error))) throw replaceOutcome(error, "unknown");
    this.#unconfirmed.delete(key);
    await take(result).catch((failure) => Promise.reject(replaceOutcome(failure, "unknown")));
    throw replaceOutcome(error, "not-applied");
  }

  /** Of a session that was not stored. It may have been, by somebody else. */
  async #withdraw({ user, key }: Binding, turn: UserTurn): Promise<void> {
    this.#unconfirmed.delete(key);
    await this.#entries.remove(user, key, turn).catch(() => {});
  }
}

function isTooMany(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === "too-many";
}
