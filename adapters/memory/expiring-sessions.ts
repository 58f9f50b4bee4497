import type { KeyPage } from "sessionwire/backend";
import { pageBehind } from "./page.ts";
import { Recency } from "./recency.ts";
import { SessionTable } from "./session-table.ts";
import { EXPIRES_AT, NONE, VERSION } from "./slots.ts";

/** Maximum number of sessions, and of their bytes of data together. */
export interface MemoryLimits {
  readonly maxSessions: number;
  readonly maxTotalBytes: number;
}

/**
 * Number of sessions that each operation checks for expiry. An operation adds at most one session, so two keep expired
 * ones from piling up.
 */
const SWEPT_PER_OPERATION = 2;

/** Sessions by slot, which expire, and of which the least recently used give way to new ones. */
export class ExpiringSessions {
  readonly #limits: MemoryLimits;
  readonly #table = new SessionTable();
  readonly #recency = new Recency(this.#table.slots);
  #sweepNext = NONE;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  /** Returns the slot of the live session under `key`, and marks it as the most recently used. */
  use(key: string, now: number): number {
    this.#sweep(now);
    const slot = this.#table.find(key);
    if (slot === NONE) return NONE;
    if (this.#isExpired(slot, now)) {
      this.remove(slot);
      return NONE;
    }
    this.#takeOut(slot);
    this.#recency.addNewest(slot);
    return slot;
  }

  /** Stores a session in its slot, or in a new one, and returns the slot. */
  put(slot: number, key: string, data: Uint8Array): number {
    if (slot !== NONE) {
      this.#table.replaceData(slot, data);
      return slot;
    }
    const added = this.#table.add(key, data);
    this.#recency.addNewest(added);
    return added;
  }

  remove(slot: number): void {
    this.#takeOut(slot);
    this.#table.remove(slot);
  }

  /**
   * Drops sessions until the rest fits. The session just written is the most recently used and fits by itself, so it is
   * never dropped.
   */
  makeRoom(): void {
    const { maxSessions, maxTotalBytes } = this.#limits;
    while (this.#table.size > maxSessions || this.#table.dataBytes > maxTotalBytes) this.remove(this.#recency.oldest);
  }

  expireAt(slot: number, now: number, ttlSeconds: number): void {
    this.#table.slots.setNumber(slot, EXPIRES_AT, now + ttlSeconds * 1000);
  }

  /** Returns the number of the write that stored the session. */
  writeOf(slot: number): number {
    return this.#table.slots.getNumber(slot, VERSION);
  }

  setWrite(slot: number, write: number): void {
    this.#table.slots.setNumber(slot, VERSION, write);
  }

  dataOf(slot: number): Uint8Array {
    return this.#table.dataOf(slot);
  }

  page(cursor: string | undefined, now: number): KeyPage {
    return pageBehind(cursor, this.#table, (slot) => this.#isExpired(slot, now));
  }

  #takeOut(slot: number): void {
    if (slot === this.#sweepNext) this.#sweepNext = this.#recency.newer(slot);
    this.#recency.remove(slot);
  }

  #sweep(now: number): void {
    for (let looked = 0; looked < SWEPT_PER_OPERATION; looked += 1) {
      const slot = this.#sweepNext === NONE ? this.#recency.oldest : this.#sweepNext;
      if (slot === NONE) return;
      this.#sweepNext = this.#recency.newer(slot);
      if (this.#isExpired(slot, now)) this.remove(slot);
    }
  }

  #isExpired(slot: number, now: number): boolean {
    return now >= this.#table.slots.getNumber(slot, EXPIRES_AT);
  }
}
