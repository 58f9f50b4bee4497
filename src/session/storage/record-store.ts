import type { Clock } from "../../clock.ts";
import { fillInOutcome, replaceOutcome } from "../../errors.ts";
import type { SessionFormat, SessionLimits } from "../../formats/format.ts";
import type { Forward, SessionRecord } from "../../formats/record.ts";
import type { SessionHandler, StoredSession } from "../../handler.ts";
import { isInDoubt, OversizeError, unknownUnlessSaid } from "../failures.ts";
import { ReadOnlyViews } from "../read-only-views.ts";
import type { UserBindings } from "../users/user-bindings.ts";
import { DecodedRecords } from "./decoded-records.ts";
import { destroyThroughForwards } from "./forwarding.ts";
import { KeepAlive } from "./keep-alive.ts";
import { RecentKeys } from "./recent-keys.ts";
import {
  type RecordDestroyResult,
  type RecordWriteResult,
  type Snapshot,
  Snapshots,
  type StoredRecord,
} from "./snapshot.ts";
import { TimeToLive } from "./time-to-live.ts";
import { createTokens } from "./tokens.ts";
import { UnsettledCreations } from "./unsettled-creations.ts";

/** For a handler that does not say its limit: 16 MiB, which is more than a session should have, and less than does harm. */
const MAX_BYTES_OF_UNKNOWN = 2 ** 24;

/** A session that is stored under another key, too. */
export interface Origin {
  readonly key: string;
  readonly record: SessionRecord;
}

/** The records of a store: the handler as the format sees it, in which a session that has had its time is absent. */
export class RecordStore {
  readonly format: SessionFormat;
  readonly times: TimeToLive;
  readonly views: ReadOnlyViews = new ReadOnlyViews();
  readonly createToken: () => string = createTokens();
  /** Keeps the lists of users; `undefined` where nobody asks for them. */
  users: UserBindings | undefined;
  readonly #handler: SessionHandler;
  readonly #decoded: DecodedRecords;
  readonly #snapshots: Snapshots;
  readonly #touched: RecentKeys;
  readonly #keepAlive: KeepAlive;
  readonly #creations: UnsettledCreations;

  constructor(
    handler: SessionHandler,
    format: SessionFormat,
    limits: SessionLimits,
    clock: Clock,
    { touchEverySeconds, cacheBytes }: { readonly touchEverySeconds: number; readonly cacheBytes: number },
  ) {
    this.format = format;
    this.times = new TimeToLive(format, limits, clock);
    this.#handler = handler;
    this.#decoded = new DecodedRecords((data) => format.decode(data), cacheBytes);
    this.#snapshots = new Snapshots(handler, this.#decoded, this.times);
    this.#touched = new RecentKeys(clock);
    this.#keepAlive = new KeepAlive(
      handler,
      this.#snapshots,
      this.times,
      this.#touched,
      touchEverySeconds,
      (key, record) => this.users?.keepAlive(key, record, this.times.longest(record)),
    );
    this.#creations = new UnsettledCreations(handler, clock);
  }

  /** The most bytes that a session may have, as far as that is known. */
  get maxBytes(): number {
    return this.#handler.maxBytes ?? MAX_BYTES_OF_UNKNOWN;
  }

  /** A record for a session that is created now. */
  create(): SessionRecord {
    return this.format.create(this.times.now());
  }

  /** With `keepAlive`, also restarts the time to live: in the same round trip where the format allows that. */
  read(key: string, keepAlive: boolean, signal?: AbortSignal): Promise<Snapshot> {
    const ttlSeconds = keepAlive ? this.times.secondsOfRead : undefined;
    return this.#handler.read(key, { ttlSeconds, signal }).then((found) => {
      const living = this.#snapshots.living(key, found, signal);
      const isKept = keepAlive && "stored" in living;
      const snapshot = isKept ? this.#keepAlive.afterRead(key, living, ttlSeconds, signal) : living;
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
    if (record && keepAlive) await users.keepAlive(key, record, this.times.longest(record));
    return snapshot;
  }

  /**
   * Replaces what is stored, or creates what is absent. The answer is what is there now. A record that has no time left ends
   * the session: that is how express-session is told to, by a cookie's maximal age of 0.
   *
   * `origin`: what it is a copy of, under another key.
   */
  write(
    key: string,
    record: SessionRecord,
    replaced: StoredRecord | undefined,
    origin?: Origin,
  ): Promise<RecordWriteResult> {
    const now = this.times.now();
    const stamped = this.format.stamp(record, now);
    const data = this.format.encode(stamped);
    if (data.byteLength > this.maxBytes) throw new OversizeError(data.byteLength, this.maxBytes);
    const ttlSeconds = this.times.secondsLeft(stamped, now);
    if (ttlSeconds < 1) return this.#endByWrite(key, replaced);
    if (this.users === undefined) return this.#send(key, stamped, data, ttlSeconds, replaced);
    return this.users.around(
      { key, record: stamped, replaced: replaced?.record, origin, ttlSeconds: this.times.longest(stamped) },
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
  ): Promise<RecordWriteResult> {
    const isUnsettled = replaced === undefined && this.#creations.begin(key);
    return this.#handler.write(key, data, { replaces: replaced?.version, ttlSeconds }).then(
      (result) => {
        if (isUnsettled) this.#creations.end(key);
        if (!result.written) return this.#refused(key, result.current);
        this.#touched.add(key);
        return { isWritten: true, snapshot: this.#snapshots.written(key, data, stamped, result) };
      },
      (error) => {
        const failure = fillInOutcome(error, "unknown");
        if (isUnsettled && !isInDoubt(failure)) this.#creations.end(key);
        throw failure;
      },
    );
  }

  async #refused(key: string, current: StoredSession | undefined): Promise<RecordWriteResult> {
    return { isWritten: false, snapshot: await this.#snapshots.living(key, current) };
  }

  /** A session whose time has run out meanwhile has not been written, it is gone. */
  async #endByWrite(key: string, replaced: StoredRecord | undefined): Promise<RecordWriteResult> {
    if (replaced === undefined) {
      const snapshot = await this.read(key, false); // it may be laid over a session that nobody has looked at
      return { isWritten: snapshot.stored === undefined, snapshot };
    }
    const { isDone, snapshot } = await this.destroy(key, replaced);
    return { isWritten: isDone && this.times.secondsLeft(replaced.record) > 0, snapshot };
  }

  /** Tells whether a touch would send nothing. */
  isJustTouched(key: string, record: SessionRecord): boolean {
    return this.#keepAlive.isJustTouched(key, record);
  }

  /** Restarts the time to live, unless that has just been done; `false`: there is no such session. */
  touch(key: string, record: SessionRecord, signal?: AbortSignal): Promise<boolean> {
    return this.#keepAlive.touch(key, record, signal);
  }

  /** Ends what is stored, if it is still that. */
  async destroy(key: string, stored: StoredRecord): Promise<RecordDestroyResult> {
    const result = await this.#handler.destroy(key, { replaces: stored.version }).catch(unknownUnlessSaid);
    if (!result.destroyed) return { isDone: false, snapshot: await this.#snapshots.living(key, result.current) };
    if (this.users) await this.users.release(this.users.userOf(stored.record), key);
    return { isDone: true, snapshot: this.#snapshots.absent(key) };
  }

  /** Ends what is stored, if it is still that, and leaves behind where it has gone. */
  async forward(key: string, forward: Forward, stored: StoredRecord): Promise<RecordDestroyResult> {
    const { isWritten, snapshot } = await this.write(key, { ...this.create(), forward }, stored);
    return { isDone: isWritten || snapshot.stored?.record.forward?.key === forward.key, snapshot };
  }

  /**
   * Ends whatever is stored, also where a forward leads. A session whose creation is unsettled may still be created by what is on
   * its way: it is ended once more when the connection is gone on which that was sent.
   */
  async end(key: string): Promise<string> {
    const ended = await destroyThroughForwards(this, key).catch(unknownUnlessSaid);
    if (!this.#creations.has(key)) return ended;
    try {
      await this.#creations.settle(key, () => this.erase(key));
    } catch (error) {
      throw replaceOutcome(error, "unknown"); // what was there has ended
    }
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
  async eraseUnsettled(key: string): Promise<void> {
    if (this.#creations.has(key)) await this.#creations.settle(key, () => this.#handler.destroy(key));
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
}
