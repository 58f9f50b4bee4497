import type { Clock, StoredSession, Version } from "sessionwire";
import type { ListingSessionBackend } from "sessionwire/backend";
import { pageBehind } from "./page.ts";
import { Recency } from "./recency.ts";
import { SessionTable } from "./session-table.ts";
import { EXPIRES_AT, NONE, VERSION } from "./slots.ts";

/**
 * Number of sessions that each operation checks for expiry. An operation adds at most one session, so two keep expired
 * ones from piling up.
 */
const SWEPT_PER_OPERATION = 2;

export function createMemoryBackend(maxSessions: number, maxTotalBytes: number, clock: Clock): ListingSessionBackend {
  let sessions = new SessionTable();
  let recency = new Recency(sessions.slots);
  let sweepNext = NONE;
  // Counts up behind a random part, so that a version of another handler or an earlier process never matches.
  const origin = crypto.randomUUID();
  let writes = 0;

  return {
    read(key, ttlSeconds) {
      const now = clock.monotonic();
      const slot = use(key, now);
      if (slot === NONE) return undefined;
      if (ttlSeconds !== undefined) expireAt(slot, now, ttlSeconds);
      return stored(slot);
    },
    write(key, data, { replaces, ttlSeconds }) {
      const now = clock.monotonic();
      const slot = use(key, now);
      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) };
      const written = slot === NONE ? insert(key, data) : replace(slot, data);
      expireAt(written, now, ttlSeconds);
      makeRoom();
      return { written: true, version: nextVersion(written) };
    },
    touch(key, ttlSeconds) {
      const now = clock.monotonic();
      const slot = use(key, now);
      if (slot !== NONE) expireAt(slot, now, ttlSeconds);
      return slot !== NONE;
    },
    destroy(key, replaces) {
      const slot = use(key, clock.monotonic());
      if (slot === NONE) return { destroyed: false, current: undefined };
      if (replaces !== undefined && versionOf(slot) !== replaces) return { destroyed: false, current: current(slot) };
      remove(slot);
      return { destroyed: true };
    },
    list(_, cursor) {
      const now = clock.monotonic();
      return pageBehind(cursor, sessions, (slot) => isExpired(slot, now));
    },
    close() {
      sessions = new SessionTable();
      recency = new Recency(sessions.slots);
      sweepNext = NONE;
    },
  };

  /** Returns the slot of the live session under `key`, and marks it as the most recently used. */
  function use(key: string, now: number): number {
    sweep(now);
    const slot = sessions.find(key);
    if (slot === NONE) return NONE;
    if (isExpired(slot, now)) {
      remove(slot);
      return NONE;
    }
    takeOut(slot);
    recency.addNewest(slot);
    return slot;
  }

  function insert(key: string, data: Uint8Array): number {
    const slot = sessions.add(key, data);
    recency.addNewest(slot);
    return slot;
  }

  function replace(slot: number, data: Uint8Array): number {
    sessions.replaceData(slot, data);
    return slot;
  }

  function remove(slot: number): void {
    takeOut(slot);
    sessions.remove(slot);
  }

  function takeOut(slot: number): void {
    if (slot === sweepNext) sweepNext = recency.newer(slot);
    recency.remove(slot);
  }

  /**
   * Drops sessions until the rest fits. The session just written is the most recently used and fits by itself, so it is
   * never dropped.
   */
  function makeRoom(): void {
    while (sessions.size > maxSessions || sessions.dataBytes > maxTotalBytes) remove(recency.oldest);
  }

  function sweep(now: number): void {
    for (let looked = 0; looked < SWEPT_PER_OPERATION; looked += 1) {
      const slot = sweepNext === NONE ? recency.oldest : sweepNext;
      if (slot === NONE) return;
      sweepNext = recency.newer(slot);
      if (isExpired(slot, now)) remove(slot);
    }
  }

  function expireAt(slot: number, now: number, ttlSeconds: number): void {
    sessions.slots.setNumber(slot, EXPIRES_AT, now + ttlSeconds * 1000);
  }

  function isExpired(slot: number, now: number): boolean {
    return now >= sessions.slots.getNumber(slot, EXPIRES_AT);
  }

  function nextVersion(slot: number): Version {
    writes += 1;
    sessions.slots.setNumber(slot, VERSION, writes);
    return versionNumbered(writes);
  }

  function versionOf(slot: number): Version | undefined {
    return slot === NONE ? undefined : versionNumbered(sessions.slots.getNumber(slot, VERSION));
  }

  function versionNumbered(number: number): Version {
    return `${origin}:${number}` as Version; // the only place where this store creates versions
  }

  function stored(slot: number): StoredSession {
    return { data: sessions.dataOf(slot), version: versionNumbered(sessions.slots.getNumber(slot, VERSION)) };
  }

  function current(slot: number): StoredSession | undefined {
    return slot === NONE ? undefined : stored(slot);
  }
}
