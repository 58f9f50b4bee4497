import { replaceOutcome } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { RecentlyUsed } from "../../recently-used.ts";
import { goneError, hasUnknownOutcome } from "../failures.ts";
import type { RecordWriteResult } from "../storage/snapshot.ts";
import type { UserLists, UserWrite } from "../storage/user-lists.ts";
import type { BoundSessions, SessionSource } from "./bound-sessions.ts";
import type { Binding, SessionEntries } from "./session-entries.ts";
import type { UserIndex, UserTurn } from "./user-index.ts";

type Store = () => Promise<RecordWriteResult>;
type Take = (result: RecordWriteResult) => Promise<unknown>;

const MAX_REMEMBERED = 10_000;

/**
 * Keeps the list of each user's sessions consistent with the sessions. A session is listed before it is stored, and
 * again afterwards, in case its entry was removed as dead in between. It is removed once a read shows that it does not
 * belong to the user (any more).
 */
export class UserBindings implements UserLists {
  readonly #index: UserIndex;
  readonly #entries: SessionEntries;
  readonly #sessions: BoundSessions;
  readonly #source: SessionSource;
  /** Unconfirmed bindings whose session may have been stored, by key. */
  readonly #unconfirmed = new RecentlyUsed<Binding>(MAX_REMEMBERED);
  /** The last time at which the list was known to contain a used session, by key. */
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

  async around(write: UserWrite, store: Store, take: Take): Promise<RecordWriteResult> {
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

  settle(key: string, record: SessionRecord | undefined): Promise<void> | undefined {
    const binding = this.#unconfirmed.get(key);
    if (binding === undefined || record === undefined || this.userOf(record) !== binding.user) return undefined;
    return this.#index.alone(binding.user, (turn) =>
      this.#confirm(binding, turn).catch(async (error) => {
        if (!isTooMany(error)) throw error;
        this.#unconfirmed.delete(key);
        await this.#sessions.end(binding.user, { key }, "limit");
        throw goneError("unknown");
      }),
    );
  }

  /** Removes a session from the list of a user to whom it no longer belongs. If that fails, a later read notices. */
  async release(user: string | undefined, key: string): Promise<void> {
    if (user === undefined) return;
    this.#keptAlive.delete(key);
    await this.#index.alone(user, (turn) => this.#entries.remove(user, key, turn)).catch(() => {});
  }

  /**
   * Extends the life of the list to that of a used session. A session missing from the list was bound before lists were
   * kept.
   */
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

  #bind(binding: Binding, store: Store, take: Take): Promise<RecordWriteResult> {
    const { user, key, isCopy } = binding;
    return this.#index.alone(user, async (turn) => {
      await this.#entries.enter(binding, turn).catch((error) => Promise.reject(replaceOutcome(error, "not-applied")));
      if (!isCopy) this.#unconfirmed.set(key, binding);
      const result = await store().catch(async (error) => {
        if (!hasUnknownOutcome(error)) await this.#withdraw(binding, turn);
        throw error;
      });
      turn.progress();
      // The faster writer may have been an attempt of this process whose reply was lost.
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
   * Removes the session again if it exceeds the limit or is a copy. Otherwise it stays stored, and the list is
   * corrected when the session is next seen.
   */
  async #refuse(error: unknown, { isCopy, key }: Binding, result: RecordWriteResult, take: Take) {
    if (!result.isWritten || !(isCopy || isTooMany(error))) throw replaceOutcome(error, "unknown");
    this.#unconfirmed.delete(key);
    await take(result).catch((failure) => Promise.reject(replaceOutcome(failure, "unknown")));
    throw replaceOutcome(error, "not-applied");
  }

  /** Unlists a session that this call did not store. Another writer may have stored it. */
  async #withdraw({ user, key }: Binding, turn: UserTurn): Promise<void> {
    this.#unconfirmed.delete(key);
    await this.#entries.remove(user, key, turn).catch(() => {});
  }
}

function isTooMany(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === "too-many";
}
