import type { SessionFormat } from "../../formats/format.ts";
import type { SessionRecord } from "../../formats/record.ts";
import type { SessionHandler, StoredSession, Version } from "../../handler.ts";
import { isCorrupt, isInDoubt, isLostConnection, tooManyConflicts } from "../failures.ts";
import type { Identities } from "./identities.ts";
import type { UserEntry } from "./user-record.ts";

/** A session as it is stored. */
export interface BoundSession {
  readonly record: SessionRecord;
  readonly version: Version;
}

/** The sessions themselves, as far as the records of users need them. */
export interface SessionSource {
  readonly handler: SessionHandler;
  readonly format: SessionFormat;
  readonly identities: Identities;
  now(): number;
  /** The seconds that a session has left when it is used now. */
  secondsLeft(record: SessionRecord): number;
  /** Ends a session of which this process does not know whether it is still to be created. */
  endUnsettled(key: string): Promise<void>;
  /** Called when a session has been ended that nobody has asked for by its id, perhaps once more. */
  ended(key: string): void;
}

/** The time for which a session may be about to be stored. */
const PENDING_MS = 60_000;
/** Maximum number of sessions that are read or ended at a time. */
const AT_A_TIME = 50;
/** Somebody else may have changed a session each time, before it is ended whatever it is by then. */
const MAX_CONFLICTS = 30;

/** The sessions themselves that the records of users list: what they say is the truth. */
export class BoundSessions {
  readonly #source: SessionSource;

  constructor(source: SessionSource) {
    this.#source = source;
  }

  /** The session of this user that is stored under a key, if there is one. */
  async find(user: string, key: string): Promise<BoundSession | undefined> {
    return this.#living(user, await this.#source.handler.read(key));
  }

  /** Those that are there, and what is about to be. */
  async verified(user: string, entries: readonly UserEntry[]): Promise<UserEntry[]> {
    const found = await inBatches(entries, ({ key }) => this.find(user, key));
    return entries.filter((entry, index) => found[index] !== undefined || this.#isAboutToBe(entry));
  }

  /**
   * Ends a session, if it is this user's. A copy that is about to be stored under the key cannot be any more. One that was stored and is not
   * there may have been ended by an attempt that had no answer, and told nobody.
   */
  async end(user: string, { key, pendingAs }: Pick<UserEntry, "key" | "pendingAs">): Promise<void> {
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
        if (conflicts > 0 || !isInDoubt(error) || !isLostConnection(error)) throw error;
        current = await handler.read(key);
        hasEnded = current === undefined;
      }
    }
    await this.#source.endUnsettled(key);
    if (hasEnded) this.#source.ended(key);
  }

  async endAll(user: string, entries: readonly UserEntry[]): Promise<void> {
    await inBatches(entries, (entry) => this.end(user, entry));
  }

  /**
   * Stores a session of nobody's for as long as a write may be on its way, where nothing is to be created. Answers with what is there
   * already.
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

  /** Counts a session that nobody can read as the user's to whom it was bound. */
  #isOf(user: string, stored: StoredSession | undefined): boolean {
    if (stored === undefined) return false;
    const record = this.#decoded(stored);
    return record === undefined || this.#source.identities.userOf(record) === user;
  }

  #decoded(stored: StoredSession | undefined): SessionRecord | undefined {
    try {
      return stored && this.#source.format.decode(stored.data);
    } catch (error) {
      if (isCorrupt(error)) return undefined;
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
