import type { Clock } from "../../clock.ts";
import { fillInOutcome, replaceOutcome } from "../../errors.ts";
import type { SessionFormat, SessionLimits } from "../../formats/format.ts";
import type { Forward, SessionRecord } from "../../formats/record.ts";
import type { NetworkedSessionHandler, SessionHandler, StoredSession } from "../../handler.ts";
import { isInDoubt, OversizeError } from "../failures.ts";
import { ReadOnlyViews } from "../read-only-views.ts";
import type { UserBindings } from "../users/user-bindings.ts";
import { DecodedRecords } from "./decoded-records.ts";
import { destroyThroughForwards } from "./forwarding.ts";
import { RecentKeys } from "./recent-keys.ts";
import { type Ending, type Origin, type Snapshot, StoredRecord, type WriteEnding } from "./snapshot.ts";
import { createTokens } from "./tokens.ts";

/** For a handler that does not say its limit: 16 MiB, which is more than a session should have, and less than does harm. */
const MAX_BYTES_OF_UNKNOWN = 2 ** 24;

/** The records of a store: the handler as the format sees it, in which a session that has had its time is absent. */
export class RecordStore {
  readonly format: SessionFormat;
  readonly views: ReadOnlyViews = new ReadOnlyViews();
  readonly createToken: () => string = createTokens();
  /** Keeps the lists of users; `undefined` where nobody asks for them. */
  users: UserBindings | undefined;
  readonly #handler: SessionHandler;
  readonly #limits: SessionLimits;
  readonly #clock: Clock;
  readonly #touched: RecentKeys;
  readonly #doubtfulCreations: RecentKeys;
  readonly #decoded: DecodedRecords;
  readonly #touchEverySeconds: number;
  #order = 0;

  constructor(
    handler: SessionHandler,
    format: SessionFormat,
    limits: SessionLimits,
    clock: Clock,
    { touchEverySeconds, cacheBytes }: { readonly touchEverySeconds: number; readonly cacheBytes: number },
  ) {
    this.format = format;
    this.#handler = handler;
    this.#limits = limits;
    this.#clock = clock;
    this.#touched = new RecentKeys(clock);
    this.#doubtfulCreations = new RecentKeys(clock);
    this.#decoded = new DecodedRecords((data) => format.decode(data), cacheBytes);
    this.#touchEverySeconds = touchEverySeconds;
  }

  /** The most bytes that a session may have, as far as that is known. */
  get maxBytes(): number {
    return this.#handler.maxBytes ?? MAX_BYTES_OF_UNKNOWN;
  }

  /** Whole milliseconds, whatever the clock says: they are stored. */
  now(): number {
    return Math.floor(this.#clock.now());
  }

  /** A record for a session that is created now. */
  create(): SessionRecord {
    return this.format.create(this.now());
  }

  /** The seconds that a session has left when it is used now; 0 or less: none. */
  secondsLeft(record: SessionRecord): number {
    return this.format.ttlSeconds(record, this.#limits, this.now());
  }

  /** With `keepAlive`, also restarts the time to live: in the same round trip where the format allows that. */
  read(key: string, keepAlive: boolean, signal?: AbortSignal): Promise<Snapshot> {
    const ttlSeconds = keepAlive ? this.format.ttlSecondsOfRead(this.#limits) : undefined;
    return this.#handler.read(key, { ttlSeconds, signal }).then((found) => {
      const living = this.#living(key, found, signal);
      const snapshot = keepAlive && "stored" in living ? this.#keptAlive(key, living, ttlSeconds, signal) : living;
      return this.users ? this.#seenByUsers(this.users, key, snapshot, keepAlive) : snapshot;
    });
  }

  async #seenByUsers(
    users: UserBindings,
    key: string,
    found: Snapshot | Promise<Snapshot>,
    keepAlive: boolean,
  ): Promise<Snapshot> {
    const snapshot = await found;
    const record = snapshot.stored?.record;
    await users.settle(key, record);
    if (record && keepAlive) await users.keepAlive(key, record, this.#longestLife(record));
    return snapshot;
  }

  #keptAlive(
    key: string,
    snapshot: Snapshot,
    ttlSeconds: number | undefined,
    signal: AbortSignal | undefined,
  ): Snapshot | Promise<Snapshot> {
    if (snapshot.stored === undefined) return snapshot;
    const secondsLeft = this.secondsLeft(snapshot.stored.record);
    if (ttlSeconds === undefined) {
      return this.#isTouchDue(key, secondsLeft) ? this.#readAndTouch(key, secondsLeft, signal) : snapshot;
    }
    this.#touched.add(key);
    if (secondsLeft >= ttlSeconds) return snapshot;
    // It was given more time than it has left.
    return this.#handler.touch(key, Math.max(1, secondsLeft), { signal }).then(() => snapshot);
  }

  /**
   * Replaces what is stored, or creates what is absent. The answer is what is there now. A record that has no time left ends
   * the session: that is how express-session is told to, by a cookie's maximal age of 0.
   *
   * `origin`: what it is a copy of, under another key.
   */
  write(key: string, record: SessionRecord, replaced: StoredRecord | undefined, origin?: Origin): Promise<WriteEnding> {
    const stamped = this.format.stamp(record, this.now());
    const data = this.format.encode(stamped);
    if (data.byteLength > this.maxBytes) throw new OversizeError(data.byteLength, this.maxBytes);
    const ttlSeconds = this.secondsLeft(stamped);
    if (ttlSeconds < 1) return this.#endByWrite(key, replaced);
    if (this.users === undefined) return this.#send(key, stamped, data, ttlSeconds, replaced);
    return this.users.around(
      { key, record: stamped, replaced: replaced?.record, origin, ttlSeconds: this.#longestLife(stamped) },
      () => this.#send(key, stamped, data, ttlSeconds, replaced),
      ({ snapshot }) => this.#handler.destroy(key, { replaces: snapshot.stored?.version }),
    );
  }

  #send(
    key: string,
    stamped: SessionRecord,
    data: Uint8Array,
    ttlSeconds: number,
    replaced: StoredRecord | undefined,
  ): Promise<WriteEnding> {
    // In doubt until there is an answer: whoever waits for it may not live to hear it.
    const isNewDoubt = replaced === undefined && !this.#doubtfulCreations.has(key);
    if (isNewDoubt) this.#doubtfulCreations.add(key);
    return this.#handler.write(key, data, { replaces: replaced?.version, ttlSeconds }).then(
      (result) => {
        if (isNewDoubt) this.#doubtfulCreations.delete(key);
        if (!result.written) return this.#refused(key, result.current);
        this.#touched.add(key);
        this.#decoded.replace(key, data, stamped);
        return { isWritten: true, snapshot: this.#snapshot(new StoredRecord(stamped, result)) };
      },
      (error) => {
        const failure = fillInOutcome(error, "unknown");
        if (isNewDoubt && !isInDoubt(failure)) this.#doubtfulCreations.delete(key);
        throw failure;
      },
    );
  }

  async #refused(key: string, current: StoredSession | undefined): Promise<WriteEnding> {
    return { isWritten: false, snapshot: await this.#living(key, current) };
  }

  /** A session whose time has run out meanwhile has not been written, it is gone. */
  async #endByWrite(key: string, replaced: StoredRecord | undefined): Promise<WriteEnding> {
    if (replaced === undefined) {
      const snapshot = await this.read(key, false); // it may be laid over a session that nobody has looked at
      return { isWritten: snapshot.stored === undefined, snapshot };
    }
    const { isDone, snapshot } = await this.destroy(key, replaced);
    return { isWritten: isDone && this.secondsLeft(replaced.record) > 0, snapshot };
  }

  /** Tells whether a touch would send nothing. */
  isJustTouched(key: string, record: SessionRecord): boolean {
    const secondsLeft = this.secondsLeft(record);
    return secondsLeft >= 1 && !this.#isTouchDue(key, secondsLeft);
  }

  /** Restarts the time to live, unless that has just been done; `false`: there is no such session. */
  async touch(key: string, record: SessionRecord, signal?: AbortSignal): Promise<boolean> {
    const ttlSeconds = this.secondsLeft(record);
    if (ttlSeconds < 1) return false;
    if (!this.#isTouchDue(key, ttlSeconds)) return true;
    if (!this.#ownsTimeToLive) {
      const { stored } = await this.#readAndTouch(key, ttlSeconds, signal).catch(unknownUnlessSaid);
      if (stored && this.users) await this.users.keepAlive(key, stored.record, this.#longestLife(stored.record));
      return stored !== undefined;
    }
    const isThere = await this.#handler.touch(key, ttlSeconds, { signal }).catch(unknownUnlessSaid);
    if (isThere) this.#touched.add(key);
    if (isThere && this.users) await this.users.keepAlive(key, record, this.#longestLife(record));
    return isThere;
  }

  /** A short-lived session is touched more often: it never loses more than a tenth of its time. */
  #isTouchDue(key: string, secondsLeft: number): boolean {
    const everySeconds = Math.min(this.#touchEverySeconds, secondsLeft / 10);
    return this.#touched.ageMs(key) >= everySeconds * 1000;
  }

  /** Touches again where the record that was stored meanwhile says another time to live. */
  async #readAndTouch(key: string, ttlSeconds: number, signal: AbortSignal | undefined): Promise<Snapshot> {
    const snapshot = await this.#living(key, await this.#handler.read(key, { ttlSeconds, signal }), signal);
    if (snapshot.stored === undefined) return snapshot;
    const secondsLeft = this.secondsLeft(snapshot.stored.record);
    if (secondsLeft !== ttlSeconds && !(await this.#handler.touch(key, secondsLeft, { signal }))) {
      return this.#absent(key);
    }
    this.#touched.add(key);
    return snapshot;
  }

  /** `true` if the time to live is that of all sessions, and not said by the record. */
  get #ownsTimeToLive(): boolean {
    return this.format.ttlSecondsOfRead(this.#limits) !== undefined;
  }

  /** Ends what is stored, if it is still that. */
  async destroy(key: string, stored: StoredRecord): Promise<Ending> {
    const result = await this.#handler.destroy(key, { replaces: stored.version }).catch(unknownUnlessSaid);
    if (!result.destroyed) return { isDone: false, snapshot: await this.#living(key, result.current) };
    if (this.users) await this.users.release(this.users.userOf(stored.record), key);
    return { isDone: true, snapshot: this.#absent(key) };
  }

  /** Ends what is stored, if it is still that, and leaves behind where it has gone. */
  async forward(key: string, forward: Forward, stored: StoredRecord): Promise<Ending> {
    const { isWritten, snapshot } = await this.write(key, { ...this.create(), forward }, stored);
    return { isDone: isWritten || snapshot.stored?.record.forward?.key === forward.key, snapshot };
  }

  /**
   * Ends whatever is stored, also where a forward leads. A session whose creation is in doubt may still be created by what is on
   * its way: it is ended once more when the connection is gone on which that was sent.
   */
  async end(key: string): Promise<string> {
    const ended = await destroyThroughForwards(this, key).catch(unknownUnlessSaid);
    if (!this.#doubtfulCreations.has(key)) return ended;
    try {
      await this.#dropConnection(key);
      await this.erase(key);
    } catch (error) {
      throw replaceOutcome(error, "unknown"); // what was there has ended
    }
    this.#doubtfulCreations.delete(key);
    return ended;
  }

  /** Ends whatever is stored under this one key. */
  async erase(key: string): Promise<void> {
    const user = this.users && (await this.#userUnder(this.users, key));
    await this.#handler.destroy(key).catch(unknownUnlessSaid);
    this.#decoded.forget(key);
    await this.users?.release(user, key);
  }

  /** Ends once more what this process may have created and been told nothing of, if it has. */
  async eraseDoubtful(key: string): Promise<void> {
    if (!this.#doubtfulCreations.has(key)) return;
    await this.#dropConnection(key);
    await this.#handler.destroy(key);
    this.#doubtfulCreations.delete(key);
  }

  /** It ends, whoever it belongs to. */
  async #userUnder(users: UserBindings, key: string): Promise<string | undefined> {
    try {
      const found = await this.#handler.read(key);
      return found && users.userOf(this.#decoded.recordOf(key, found.data));
    } catch {
      return undefined;
    }
  }

  /** In a format without a lifetime, that of a session which is used now and not any more. */
  #longestLife(record: SessionRecord): number {
    return this.#limits.lifetimeSeconds ?? this.secondsLeft(record);
  }

  async #dropConnection(key: string): Promise<void> {
    const handler: SessionHandler & Partial<NetworkedSessionHandler> = this.#handler;
    await handler.reconnect?.({ connection: handler.connectionOf?.(key) });
  }

  /** A session that has had its time is removed, also where the store has not noticed. */
  #living(key: string, found: StoredSession | undefined, signal?: AbortSignal): Snapshot | Promise<Snapshot> {
    if (found === undefined) return this.#absent(key);
    const record = this.#decoded.recordOf(key, found.data);
    if (this.secondsLeft(record) > 0) return this.#snapshot(new StoredRecord(record, found));
    return this.#handler.destroy(key, { replaces: found.version, signal }).then(() => this.#absent(key));
  }

  #absent(key: string): Snapshot {
    this.#decoded.forget(key);
    return this.#snapshot(undefined);
  }

  #snapshot(stored: StoredRecord | undefined): Snapshot {
    this.#order += 1;
    return { stored, order: this.#order };
  }
}

/** A handler should say what became of a change. Where it does not, nobody knows. */
function unknownUnlessSaid(error: unknown): never {
  throw fillInOutcome(error, "unknown");
}
