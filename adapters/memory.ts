import { type Clock, type ListingSessionHandler, type StoredSession, systemClock, type Version } from "sessionwire";
import { checkCount, createGuardedHandler, type ListingSessionBackend } from "sessionwire/backend";
import { pageBehind } from "./memory/page.ts";
import * as ring from "./memory/ring.ts";
import { ShardedMap } from "./memory/sharded-map.ts";

/**
 * The options of {@link createMemoryHandler}.
 *
 * @public
 */
export interface MemoryHandlerOptions {
  /**
   * The most sessions that are kept. When there is no room, the session whose last read, write or touch is the longest ago
   * goes first.
   *
   * @defaultValue no bound
   */
  readonly maxSessions?: number | undefined;
  /**
   * The most bytes of session data that are kept, of all sessions together; at least `maxBytes`. Makes room as
   * `maxSessions` does.
   *
   * @defaultValue no bound
   */
  readonly maxTotalBytes?: number | undefined;
  /**
   * The most bytes that a session may have; more is refused with code `too_large`.
   *
   * @defaultValue 1,048,576 (1 MiB)
   */
  readonly maxBytes?: number | undefined;
  /**
   * Where the time comes from. Expiry goes by its monotonic time, so that setting the machine's clock neither ends nor
   * prolongs a session.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Keeps sessions in the memory of this process: the default for development, tests and single processes.
 *
 * @remarks
 * Expiry is exact and needs no timer: an expired session is absent from that moment on. Its memory is given back by later
 * operations, each of which looks at a few sessions; an idle process therefore keeps what it holds.
 *
 * A page of `list` looks at 100 sessions at most; expired ones are not listed. Listing is no use of a session.
 *
 * @throws `RangeError` or `TypeError` for an option that cannot be used.
 *
 * @public
 */
export function createMemoryHandler(options: MemoryHandlerOptions = {}): ListingSessionHandler {
  const { maxSessions = Infinity, maxTotalBytes = Infinity, clock = systemClock, ...guardOptions } = options;
  checkBound("maxSessions", maxSessions, 1);
  checkBound("maxTotalBytes", maxTotalBytes, guardOptions.maxBytes ?? 1_048_576);
  const backend = createMemoryBackend(maxSessions, maxTotalBytes, clock);
  return createGuardedHandler(backend, { ...guardOptions, name: "Memory", clock });
}

/** One session, and its place among all sessions from the least to the most recently used one. */
interface Entry {
  readonly key: string;
  /** The how many-th it is of all that were ever created. */
  readonly order: number;
  data: Uint8Array;
  version: Version;
  expiresAt: number;
  older: Entry;
  newer: Entry;
}

/** An operation adds one session at most; looking at two keeps the expired ones from piling up. */
const SWEPT_PER_OPERATION = 2;

function createMemoryBackend(maxSessions: number, maxTotalBytes: number, clock: Clock): ListingSessionBackend {
  const entries = new ShardedMap<Entry>();
  const nextVersion = createVersions();
  const end = createEntry("", 0);
  let sweepNext = end;
  let totalBytes = 0;
  let created = 0;

  return {
    read(key, ttlSeconds) {
      const entry = use(key);
      if (entry === undefined) return undefined;
      if (ttlSeconds !== undefined) entry.expiresAt = expiry(ttlSeconds);
      return stored(entry);
    },
    write(key, data, { replaces, ttlSeconds }) {
      const entry = use(key);
      if (entry?.version !== replaces) return { written: false, current: entry && stored(entry) };
      const version = put(entry ?? insert(key), data, ttlSeconds);
      makeRoom();
      return { written: true, version };
    },
    touch(key, ttlSeconds) {
      const entry = use(key);
      if (entry) entry.expiresAt = expiry(ttlSeconds);
      return entry !== undefined;
    },
    destroy(key, replaces) {
      const entry = use(key);
      if (entry === undefined) return { destroyed: false, current: undefined };
      if (replaces !== undefined && entry.version !== replaces) return { destroyed: false, current: stored(entry) };
      remove(entry);
      return { destroyed: true };
    },
    list: (_, cursor) => pageBehind(cursor, entries, isExpired),
    close() {
      entries.clear();
      ring.close(end);
      sweepNext = end;
    },
  };

  /** The live session under `key`, which becomes the most recently used one. */
  function use(key: string): Entry | undefined {
    sweep();
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    if (isExpired(entry)) {
      remove(entry);
      return undefined;
    }
    takeOut(entry);
    ring.link(entry, end);
    return entry;
  }

  function insert(key: string): Entry {
    created += 1;
    const entry = createEntry(key, created);
    entries.add(key, entry);
    ring.link(entry, end);
    return entry;
  }

  function put(entry: Entry, data: Uint8Array, ttlSeconds: number): Version {
    totalBytes += data.byteLength - entry.data.byteLength;
    entry.data = data;
    entry.version = nextVersion();
    entry.expiresAt = expiry(ttlSeconds);
    return entry.version;
  }

  function remove(entry: Entry): void {
    entries.delete(entry.key);
    takeOut(entry);
    totalBytes -= entry.data.byteLength;
  }

  function takeOut(entry: Entry): void {
    if (entry === sweepNext) sweepNext = entry.newer;
    ring.unlink(entry);
  }

  /** The session just written is the most recently used one and fits by itself, so it is never the one that goes. */
  function makeRoom(): void {
    while (entries.size > maxSessions || totalBytes > maxTotalBytes) remove(end.newer);
  }

  function sweep(): void {
    for (let looked = 0; looked < SWEPT_PER_OPERATION; looked += 1) {
      const entry = sweepNext;
      sweepNext = entry.newer;
      if (entry !== end && isExpired(entry)) remove(entry);
    }
  }

  function expiry(ttlSeconds: number): number {
    return clock.monotonic() + ttlSeconds * 1000;
  }

  function isExpired(entry: Entry): boolean {
    return clock.monotonic() >= entry.expiresAt;
  }
}

function createEntry(key: string, order: number): Entry {
  const entry = { key, order, data: noData, version: "" as Version, expiresAt: Infinity } as Entry; // the ring is closed below
  ring.close(entry);
  return entry;
}

const noData = new Uint8Array();

function stored({ data, version }: Entry): StoredSession {
  return { data: data.slice(), version };
}

/** Counts up, behind a random part, so that a version of another handler, or of an earlier process, never fits. */
function createVersions(): () => Version {
  const origin = crypto.randomUUID();
  let count = 0;
  return () => {
    count += 1;
    return `${origin}:${count}` as Version; // the one place where this store makes versions
  };
}

function checkBound(name: string, value: number, min: number): void {
  if (value !== Infinity) checkCount(name, value, min);
}
