import { type Clock, type ListingSessionHandler, systemClock, type Version } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";

/** A record of the reference store. */
export interface ReferenceEntry {
  data: Uint8Array;
  version: Version;
  expiresAt: number;
}

/** Number of ids per page of a listing. */
const PAGE_LENGTH = 100;

/** The individual decisions of the reference store: a broken store differs from it in one of them. */
export interface ReferenceSteps {
  keyOf(id: string): string;
  expiresAt(now: number, ttlSeconds: number): number;
  isOver(entry: ReferenceEntry, now: number): boolean;
  versionAfter(current: ReferenceEntry | undefined, data: Uint8Array): Version;
  /** Returns true if the stored session is the one that a write or a destroy is meant for. */
  isMeant(current: ReferenceEntry | undefined, replaces: Version | undefined): boolean;
  copyIn(data: Uint8Array): Uint8Array;
  copyOut(data: Uint8Array): Uint8Array;
  /** Returns the new expiry after a read, a touch and a refused write. */
  afterRead(entry: ReferenceEntry, now: number, ttlSeconds: number | undefined): number;
  afterTouch(entry: ReferenceEntry, now: number, ttlSeconds: number): number;
  afterRefusal(entry: ReferenceEntry, now: number, ttlSeconds: number): number;
}

/**
 * Creates the shortest handler that keeps every law: a `Map` for comparing other handlers with. It lists its ids.
 *
 * @public
 */
export function createReferenceHandler(
  options: {
    /** The source of time. @defaultValue the clock of the system */
    readonly clock?: Clock;
    /** Maximum size of a session, in bytes. @defaultValue 1,048,576 (1 MiB) */
    readonly maxBytes?: number;
  } = {},
): ListingSessionHandler {
  return createSteppedHandler(options.clock ?? systemClock, {}, options.maxBytes);
}

/** Creates the reference with some of its steps replaced. */
export function createSteppedHandler(
  clock: Clock,
  changes: Partial<ReferenceSteps>,
  maxBytes?: number,
): ListingSessionHandler {
  const entries = new Map<string, ReferenceEntry>();
  const steps: ReferenceSteps = { ...createSteps(), ...changes };

  const find = (key: string): ReferenceEntry | undefined => {
    const entry = entries.get(key);
    return entry && !steps.isOver(entry, clock.monotonic()) ? entry : undefined;
  };
  const shown = (entry: ReferenceEntry | undefined) =>
    entry && { data: steps.copyOut(entry.data), version: entry.version };

  const backend = {
    read(id: string, ttlSeconds: number | undefined) {
      const entry = find(steps.keyOf(id));
      if (entry) entry.expiresAt = steps.afterRead(entry, clock.monotonic(), ttlSeconds);
      return shown(entry);
    },
    write(id: string, data: Uint8Array, condition: { replaces: Version | undefined; ttlSeconds: number }) {
      const { replaces, ttlSeconds } = condition;
      const [key, now] = [steps.keyOf(id), clock.monotonic()];
      const current = find(key);
      if (!steps.isMeant(current, replaces)) {
        if (current) current.expiresAt = steps.afterRefusal(current, now, ttlSeconds);
        return { written: false as const, current: shown(current) };
      }
      const version = steps.versionAfter(current, data);
      entries.set(key, { data: steps.copyIn(data), version, expiresAt: steps.expiresAt(now, ttlSeconds) });
      return { written: true as const, version };
    },
    touch(id: string, ttlSeconds: number) {
      const entry = find(steps.keyOf(id));
      if (entry) entry.expiresAt = steps.afterTouch(entry, clock.monotonic(), ttlSeconds);
      return entry !== undefined;
    },
    destroy(id: string, replaces: Version | undefined) {
      const key = steps.keyOf(id);
      const current = find(key);
      if (!current || (replaces !== undefined && !steps.isMeant(current, replaces))) {
        return { destroyed: false as const, current: shown(current) };
      }
      entries.delete(key);
      return { destroyed: true as const };
    },
    list(prefix: string, cursor = "") {
      const isListed = ([key, entry]: readonly [string, ReferenceEntry]) =>
        key.startsWith(prefix) && key > cursor && !steps.isOver(entry, clock.monotonic());
      const keys = [...entries]
        .filter(isListed)
        .map(([key]) => key)
        .sort();
      const page = keys.slice(0, PAGE_LENGTH);
      return { keys: page, next: keys.length > PAGE_LENGTH ? page.at(-1) : undefined };
    },
    close: () => entries.clear(),
  };
  return createGuardedHandler(backend, { name: "The reference store", clock, maxBytes });
}

function createSteps(): ReferenceSteps {
  let versions = 0;
  const expiresAt = (now: number, ttlSeconds: number) => now + ttlSeconds * 1000;
  return {
    keyOf: (id) => id,
    expiresAt,
    isOver: (entry, now) => now >= entry.expiresAt,
    versionAfter() {
      versions += 1;
      return String(versions) as Version; // the only place where this store creates versions
    },
    isMeant: (current, replaces) => current?.version === replaces,
    copyIn: (data) => data, // the guard has made a copy
    copyOut: (data) => data.slice(),
    afterRead: (entry, now, ttlSeconds) => (ttlSeconds === undefined ? entry.expiresAt : expiresAt(now, ttlSeconds)),
    afterTouch: (_, now, ttlSeconds) => expiresAt(now, ttlSeconds),
    afterRefusal: (entry) => entry.expiresAt,
  };
}
