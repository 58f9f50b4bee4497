import type { SessionFormat } from "../../formats/format.ts";
import type { SessionRecord } from "../../formats/record.ts";
import type { SessionHandler, StoredSession, Version } from "../../handler.ts";
import { hasUnknownOutcome, isLostConnection, isUnreadable, tooManyConflicts } from "../failures.ts";
import type { Identities } from "./identities.ts";
import type { UserEntry } from "./user-record.ts";

/** A stored session. */
export interface BoundSession {
  readonly record: SessionRecord;
  readonly version: Version;
}

/** The reason why a session was ended as one of a user's: by request, or because there were too many. */
export type UserEnding = "user" | "limit";

/** The access to the sessions themselves that the records of users need. */
export interface SessionSource {
  readonly handler: SessionHandler;
  readonly format: SessionFormat;
  readonly identities: Identities;
  /** Returns the session that the bytes contain, as the application sees it. */
  decode(data: Uint8Array): SessionRecord;
  now(): number;
  /** Returns the time, in seconds, that a session has left if it is used now. */
  secondsLeft(record: SessionRecord): number;
  /** Ends a session that may still be about to be created, as far as this process knows. */
  endUnsettled(key: string): Promise<void>;
  /** Called when a session was ended without its id being named; it may be called twice for one session. */
  ended(key: string, reason: UserEnding): void;
}

/** Maximum time between listing a session and storing it. */
const PENDING_MS = 60_000;
/** Maximum number of sessions that are read or ended concurrently. */
const AT_A_TIME = 50;
/** Maximum number of conflicts, after which a session is ended whatever its state. */
const MAX_CONFLICTS = 30;

/** The sessions that the records of users list. The sessions themselves are authoritative. */
export class BoundSessions {
  readonly #source: SessionSource;

  constructor(source: SessionSource) {
    this.#source = source;
  }

  /** Returns the session of this user that is stored under a key, if there is one. */
  async find(user: string, key: string): Promise<BoundSession | undefined> {
    return this.#living(user, await this.#source.handler.read(key));
  }

  /** Returns the entries whose sessions exist or are about to be stored. */
  async verified(user: string, entries: readonly UserEntry[]): Promise<UserEntry[]> {
    const found = await inBatches(entries, ({ key }) => this.find(user, key));
    return entries.filter((entry, index) => found[index] !== undefined || this.#isAboutToBe(entry));
  }

  /**
   * Ends a session if it belongs to this user. A copy that was about to be stored under the key can no longer be
   * stored. A session that was stored and is gone may have been ended by an attempt without a reply, which notified
   * nobody.
   */
  async end(user: string, { key, pendingAs }: Pick<UserEntry, "key" | "pendingAs">, reason: UserEnding): Promise<void> {
    const { handler } = this.#source;
    let current = await handler.read(key);
    let hasEnded = current === undefined && pendingAs === undefined;
    if (current === undefined && pendingAs === "copy") current = await this.#occupy(key);
    for (let conflicts = 0; !hasEnded && this.#isOf(user, current); conflicts += 1) {
      if (conflicts > 2 * MAX_CONFLICTS) throw tooManyConflicts(conflicts);
      const replaces = conflicts < MAX_CONFLICTS ? current?.version : undefined;
      try {
        const result = await handler.destroy(key, { replaces });
        hasEnded = result.destroyed;
        current = result.destroyed ? undefined : result.current;
      } catch (error) {
        if (conflicts > 0 || !hasUnknownOutcome(error) || !isLostConnection(error)) throw error;
        current = await handler.read(key);
        hasEnded = current === undefined;
      }
    }
    await this.#source.endUnsettled(key);
    if (hasEnded) this.#source.ended(key, reason);
  }

  async endAll(user: string, entries: readonly UserEntry[], reason: UserEnding): Promise<void> {
    await inBatches(entries, (entry) => this.end(user, entry, reason));
  }

  /**
   * Stores a session without a user, for as long as a write may be under way, so that nothing can be created under the
   * key. Returns the session that is already there, if any.
   */
  async #occupy(key: string): Promise<StoredSession | undefined> {
    const { handler, format } = this.#source;
    const now = this.#source.now();
    const data = format.encode(format.stamp(format.create(now), now));
    const result = await handler.write(key, data, { replaces: undefined, ttlSeconds: PENDING_MS / 1000 });
    return result.written ? undefined : result.current;
  }

  #isAboutToBe({ pendingAs, boundAt }: UserEntry): boolean {
    return pendingAs !== undefined && Math.abs(this.#source.now() - boundAt) < PENDING_MS;
  }

  #living(user: string, stored: StoredSession | undefined): BoundSession | undefined {
    const { identities, secondsLeft } = this.#source;
    const record = this.#decoded(stored);
    if (stored === undefined || record === undefined) return undefined;
    return secondsLeft(record) > 0 && identities.userOf(record) === user
      ? { record, version: stored.version }
      : undefined;
  }

  /** Counts an unreadable session as belonging to the user to whom it was bound. */
  #isOf(user: string, stored: StoredSession | undefined): boolean {
    if (stored === undefined) return false;
    const record = this.#decoded(stored);
    return record === undefined || this.#source.identities.userOf(record) === user;
  }

  #decoded(stored: StoredSession | undefined): SessionRecord | undefined {
    try {
      return stored && this.#source.decode(stored.data);
    } catch (error) {
      if (isUnreadable(error)) return undefined;
      throw error;
    }
  }
}

export async function inBatches<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_A_TIME) {
    results.push(...(await Promise.all(items.slice(start, start + AT_A_TIME).map(act))));
  }
  return results;
}
