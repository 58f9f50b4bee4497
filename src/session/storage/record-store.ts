import type { Clock } from "../../clock.ts";
import { fillInOutcome } from "../../errors.ts";
import type { SessionFormat, SessionLimits } from "../../formats/format.ts";
import type { Forward, SessionRecord } from "../../formats/record.ts";
import type { SessionHandler, StoredSession } from "../../handler.ts";
import { hasUnknownOutcome, OversizeError, unknownUnlessSaid } from "../failures.ts";
import type { TypedAttributes } from "../schema/typed-attributes.ts";
import { asShown, asStored } from "../schema/withheld.ts";
import { withoutEnded } from "./attribute-ends.ts";
import { DecodedRecords } from "./decoded-records.ts";
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
import type { Origin, UserLists } from "./user-lists.ts";

/** The limit for a handler that declares none: 16 MiB, more than a session should have and small enough to be harmless. */
const MAX_BYTES_OF_UNKNOWN = 2 ** 24;

export interface RecordStoreOptions {
  readonly touchEverySeconds: number;
  readonly cacheBytes: number;
  readonly typed: TypedAttributes | undefined;
}

/** The records of a store: the handler in terms of the format, where an expired session is absent. */
export class RecordStore {
  readonly format: SessionFormat;
  /** Maximum size of a session in bytes. */
  readonly maxBytes: number;
  readonly times: TimeToLive;
  readonly decoded: DecodedRecords;
  readonly keepAlive: KeepAlive;
  readonly creations: UnsettledCreations;
  readonly createToken: () => string = createTokens();
  /** The lists of users; `undefined` if they are not used. */
  users: UserLists | undefined;
  /** The types of the attributes, if there is a schema. */
  readonly typed: TypedAttributes | undefined;
  readonly #handler: SessionHandler;
  readonly #snapshots: Snapshots;
  readonly #touched: RecentKeys;

  constructor(
    handler: SessionHandler,
    format: SessionFormat,
    limits: SessionLimits,
    clock: Clock,
    { touchEverySeconds, cacheBytes, typed }: RecordStoreOptions,
  ) {
    this.format = format;
    this.maxBytes = handler.maxBytes ?? MAX_BYTES_OF_UNKNOWN;
    this.times = new TimeToLive(format, limits, clock);
    this.creations = new UnsettledCreations(handler, clock);
    this.#handler = handler;
    this.typed = typed;
    this.decoded = new DecodedRecords((data) => this.decode(data), cacheBytes);
    this.#snapshots = new Snapshots(handler, this.decoded, this.times);
    this.#touched = new RecentKeys(clock);
    this.keepAlive = new KeepAlive(
      handler,
      this.#snapshots,
      this.times,
      this.#touched,
      touchEverySeconds,
      (key, record) => this.users?.keepAlive(key, record, this.times.longest(record)),
    );
  }

  /** Decodes a session, as the application sees it. */
  decode(data: Uint8Array): SessionRecord {
    const record = this.format.decode(data);
    return this.typed ? this.typed.shown(record) : record;
  }

  /** Creates the record of a new session. */
  create(): SessionRecord {
    return this.format.create(this.times.now());
  }

  /** Reads a session. With `keepAlive`, also restarts the time to live, in the same round trip if the format allows it. */
  read(key: string, keepAlive: boolean, signal?: AbortSignal): Promise<Snapshot> {
    const ttlSeconds = keepAlive ? this.times.secondsOfRead : undefined;
    return this.#handler.read(key, { ttlSeconds, signal }).then((found) => {
      const living = this.#snapshots.living(key, found, signal);
      const isKept = keepAlive && "stored" in living;
      const snapshot = isKept ? this.keepAlive.afterRead(key, living, ttlSeconds, signal) : living;
      return this.users ? this.#seenByUsers(this.users, key, snapshot, keepAlive) : snapshot;
    });
  }

  async #seenByUsers(
    users: UserLists,
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
   * Replaces what is stored, or creates what is absent. Returns the state after it. A record that has no time left ends
   * the session, which is how express-session destroys one: by a cookie with a maximal age of 0.
   *
   * `origin` is the record under another key of which it is a copy.
   */
  write(
    key: string,
    record: SessionRecord,
    replaced: StoredRecord | undefined,
    origin?: Origin,
  ): Promise<RecordWriteResult> {
    const now = this.times.now();
    const living = record.attributeEnds ? withoutEnded(record, now) : record;
    const base = (origin ?? replaced)?.record;
    const checked = this.typed ? this.typed.checked(living, base && withoutEnded(base, now)) : living;
    const stored = this.format.stamp(this.typed ? asStored(checked) : checked, now);
    const data = this.format.encode(stored);
    const stamped = this.typed ? asShown(stored, checked) : stored;
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
    const isUnsettled = replaced === undefined && this.creations.begin(key);
    return this.#handler.write(key, data, { replaces: replaced?.version, ttlSeconds }).then(
      (result) => {
        if (isUnsettled) this.creations.end(key);
        if (!result.written) return this.#refused(key, result.current);
        this.#touched.add(key);
        return { isWritten: true, snapshot: this.#snapshots.written(key, data, stamped, result) };
      },
      (error) => {
        const failure = fillInOutcome(error, "unknown");
        if (isUnsettled && !hasUnknownOutcome(failure)) this.creations.end(key);
        throw failure;
      },
    );
  }

  async #refused(key: string, current: StoredSession | undefined): Promise<RecordWriteResult> {
    return { isWritten: false, snapshot: await this.#snapshots.living(key, current) };
  }

  /** Ends a session that expired in the meantime, which counts as gone instead of written. */
  async #endByWrite(key: string, replaced: StoredRecord | undefined): Promise<RecordWriteResult> {
    if (replaced === undefined) {
      const snapshot = await this.read(key, false); // it may replace a session that nobody has read
      return { isWritten: snapshot.stored === undefined, snapshot };
    }
    const { isDone, snapshot } = await this.destroy(key, replaced);
    return { isWritten: isDone && this.times.secondsLeft(replaced.record) > 0, snapshot };
  }

  /** Destroys a record if it is unchanged. */
  async destroy(key: string, stored: StoredRecord): Promise<RecordDestroyResult> {
    const result = await this.#handler.destroy(key, { replaces: stored.version }).catch(unknownUnlessSaid);
    if (!result.destroyed) return { isDone: false, snapshot: await this.#snapshots.living(key, result.current) };
    if (this.users) await this.users.release(this.users.userOf(stored.record), key);
    return { isDone: true, snapshot: this.#snapshots.absent(key) };
  }

  /** Replaces a record by a forward if it is unchanged. */
  async forward(key: string, forward: Forward, stored: StoredRecord): Promise<RecordDestroyResult> {
    const { isWritten, snapshot } = await this.write(key, { ...this.create(), forward }, stored);
    return { isDone: isWritten || snapshot.stored?.record.forward?.key === forward.key, snapshot };
  }
}
