import type { ExclusiveTask } from "../../backend/queued-task.ts";
import type { Turn } from "../../backend/turn.ts";
import { TurnQueue } from "../../backend/turn-queue.ts";
import { toBase64Url } from "../../base64.ts";
import type { Clock } from "../../clock.ts";
import { sha256 } from "../../formats/sha256.ts";
import type { SessionHandler, StoredSession, Version } from "../../handler.ts";
import { encoder } from "../../utf8.ts";
import { hasUnknownOutcome, isLostConnection, tooManyConflicts, tooManySessions } from "../failures.ts";
import { MAX_STEP_MS } from "../session-calls.ts";
import { decodeEntries, encodeEntries, ttlOfEntries, type UserEntry } from "./user-record.ts";

const PREFIX = "user:";

/** The content of a user's record, and the version with which to replace it. */
interface ListSnapshot {
  readonly entries: readonly UserEntry[];
  readonly version: Version | undefined;
}

/**
 * Returns the new entries for the current ones; `undefined`: no change. It may run again, and must then give an
 * equivalent result.
 */
export type EntriesChange = (entries: readonly UserEntry[]) => Promise<readonly UserEntry[] | undefined>;

/** The turn of a caller that works on the sessions of a user. */
export type UserTurn = Turn<ExclusiveTask>;

/**
 * The records that list the sessions of each user, stored beside the sessions. They are written conditionally, so no
 * lock is needed: the slower writer repeats its change on the current state.
 */
export class UserIndex {
  readonly #handler: SessionHandler;
  readonly #clock: Clock;
  readonly #namespace: string;
  readonly #maxConflicts: number;
  readonly #createToken: () => string;
  readonly #queues = new Map<string, TurnQueue>();

  /** Takes `namespace`, the prefix of the keys of all sessions. */
  constructor(
    handler: SessionHandler,
    clock: Clock,
    settings: { readonly namespace: string; readonly maxConflicts: number; readonly createToken: () => string },
  ) {
    if (PREFIX.startsWith(settings.namespace) || settings.namespace.startsWith(PREFIX)) {
      throw new TypeError(
        `The keys of users' session lists begin with "${PREFIX}", so those of sessions need another prefix.`,
      );
    }
    this.#handler = handler;
    this.#clock = clock;
    this.#namespace = settings.namespace;
    this.#maxConflicts = settings.maxConflicts;
    this.#createToken = settings.createToken;
  }

  /** Hashes the user's id to keep it out of keys. The hash does not protect ids that can be guessed. */
  keyOf(user: string): string {
    return PREFIX + toBase64Url(sha256(encoder.encode(`${this.#namespace}\0${user}`)));
  }

  async read(user: string): Promise<readonly UserEntry[]> {
    return (await this.#read(this.keyOf(user))).entries;
  }

  /** Restarts the time to live of a record with these entries. Returns `false` if there is none. */
  touch(user: string, entries: readonly UserEntry[]): Promise<boolean> {
    return this.#handler.touch(this.keyOf(user), ttlOfEntries(entries));
  }

  /** Runs when no other caller in this process works on the sessions of the user. */
  async alone<T>(user: string, run: (turn: UserTurn) => Promise<T>): Promise<T> {
    const queue = this.#queues.get(user) ?? new TurnQueue(this.#clock, MAX_STEP_MS);
    this.#queues.set(user, queue);
    try {
      return await queue.alone(run);
    } finally {
      if (queue.isIdle && this.#queues.get(user) === queue) this.#queues.delete(user);
    }
  }

  /** Changes the record, repeating the change after each conflict. Returns the resulting entries. */
  async change(user: string, change: EntriesChange, turn?: UserTurn): Promise<readonly UserEntry[]> {
    const key = this.keyOf(user);
    let seen = await this.#read(key);
    for (let conflicts = 0; conflicts <= this.#maxConflicts; conflicts += 1) {
      turn?.progress();
      const entries = await change(seen.entries);
      if (entries === undefined) return seen.entries;
      const current = await this.#replace(key, seen, entries);
      if (current === undefined) return entries;
      seen = current;
    }
    throw tooManyConflicts(this.#maxConflicts);
  }

  async #read(key: string): Promise<ListSnapshot> {
    return snapshotOf(await this.#handler.read(key));
  }

  /**
   * Returns `undefined` on success, otherwise the current state. After a lost reply, the current state shows what is
   * still to be done.
   */
  async #replace(key: string, seen: ListSnapshot, entries: readonly UserEntry[]): Promise<ListSnapshot | undefined> {
    try {
      if (entries.length === 0) return await this.#remove(key, seen);
      const data = encodeEntries(entries, this.#createToken());
      if (data.byteLength > (this.#handler.maxBytes ?? Infinity)) throw tooManySessions();
      const options = { replaces: seen.version, ttlSeconds: ttlOfEntries(entries) };
      const result = await this.#handler.write(key, data, options);
      return result.written ? undefined : snapshotOf(result.current);
    } catch (error) {
      if (!hasUnknownOutcome(error) || !isLostConnection(error)) throw error;
      return this.#read(key);
    }
  }

  async #remove(key: string, { version }: ListSnapshot): Promise<ListSnapshot | undefined> {
    if (version === undefined) return undefined;
    const result = await this.#handler.destroy(key, { replaces: version });
    return result.destroyed ? undefined : snapshotOf(result.current);
  }
}

function snapshotOf(stored: StoredSession | undefined): ListSnapshot {
  return { entries: stored ? decodeEntries(stored.data) : [], version: stored?.version };
}
