import type { SessionRecord } from "../../formats/record.ts";
import type { SessionHandler } from "../../handler.ts";
import { unknownUnlessSaid } from "../failures.ts";
import type { RecentKeys } from "./recent-keys.ts";
import type { Snapshot, Snapshots } from "./snapshot.ts";
import type { TimeToLive } from "./time-to-live.ts";

/** Called when a touch has restarted the time to live of a session. */
type NoteUse = (key: string, record: SessionRecord) => Promise<void> | undefined;

/** Restarts the time to live of used sessions, no more often than necessary. */
export class KeepAlive {
  readonly #handler: SessionHandler;
  readonly #snapshots: Snapshots;
  readonly #times: TimeToLive;
  readonly #touched: RecentKeys;
  readonly #everySeconds: number;
  readonly #noteUse: NoteUse;

  /** Takes `touched`, the keys whose time to live was restarted recently, by a touch or a write. */
  constructor(
    handler: SessionHandler,
    snapshots: Snapshots,
    times: TimeToLive,
    touched: RecentKeys,
    everySeconds: number,
    noteUse: NoteUse,
  ) {
    this.#handler = handler;
    this.#snapshots = snapshots;
    this.#times = times;
    this.#touched = touched;
    this.#everySeconds = everySeconds;
    this.#noteUse = noteUse;
  }

  /** Continues after a read, which has set the given time to live, if any. */
  afterRead(
    key: string,
    snapshot: Snapshot,
    ttlSeconds: number | undefined,
    signal: AbortSignal | undefined,
  ): Snapshot | Promise<Snapshot> {
    if (snapshot.stored === undefined) return snapshot;
    const secondsLeft = this.#times.secondsLeft(snapshot.stored.record);
    if (ttlSeconds === undefined) {
      return this.#isDue(key, secondsLeft) ? this.#readAndTouch(key, secondsLeft, signal) : snapshot;
    }
    this.#touched.add(key);
    if (secondsLeft === ttlSeconds) return snapshot;
    // It was given more time than it has left, or less than its own limits allow.
    return this.#handler.touch(key, Math.max(1, secondsLeft), { signal }).then(() => snapshot);
  }

  /** Returns `true` if a touch would send nothing. */
  isJustTouched(key: string, record: SessionRecord): boolean {
    const secondsLeft = this.#times.secondsLeft(record);
    return secondsLeft >= 1 && !this.#isDue(key, secondsLeft);
  }

  /** Restarts the time to live, unless that was just done. Returns `false` if there is no such session. */
  async touch(key: string, record: SessionRecord, signal?: AbortSignal): Promise<boolean> {
    const ttlSeconds = this.#times.secondsLeft(record);
    if (ttlSeconds < 1) return false;
    if (!this.#isDue(key, ttlSeconds)) return true;
    if (this.#times.secondsOfRead === undefined) {
      const { stored } = await this.#readAndTouch(key, ttlSeconds, signal).catch(unknownUnlessSaid);
      const noted = stored && this.#noteUse(key, stored.record);
      if (noted) await noted;
      return stored !== undefined;
    }
    const isThere = await this.#handler.touch(key, ttlSeconds, { signal }).catch(unknownUnlessSaid);
    if (isThere) this.#touched.add(key);
    const noted = isThere ? this.#noteUse(key, record) : undefined;
    if (noted) await noted;
    return isThere;
  }

  /**
   * Returns `true` if a touch is due. A short-lived session is touched more often, so that it never loses more than a
   * tenth of its time.
   */
  #isDue(key: string, secondsLeft: number): boolean {
    const everySeconds = Math.min(this.#everySeconds, secondsLeft / 10);
    return this.#touched.ageMs(key) >= everySeconds * 1000;
  }

  /** Reads and touches, and touches again if the current record has another time to live. */
  async #readAndTouch(key: string, ttlSeconds: number, signal: AbortSignal | undefined): Promise<Snapshot> {
    const found = await this.#handler.read(key, { ttlSeconds, signal });
    const snapshot = await this.#snapshots.living(key, found, signal);
    if (snapshot.stored === undefined) return snapshot;
    const secondsLeft = this.#times.secondsLeft(snapshot.stored.record);
    if (secondsLeft !== ttlSeconds && !(await this.#handler.touch(key, secondsLeft, { signal }))) {
      return this.#snapshots.absent(key);
    }
    this.#touched.add(key);
    return snapshot;
  }
}
