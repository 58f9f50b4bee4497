import type { Clock, StoredSession, Version } from "sessionwire";
import type { ListingSessionBackend } from "sessionwire/backend";
import { ExpiringSessions, type MemoryLimits } from "./expiring-sessions.ts";
import { NONE } from "./slots.ts";

export function createMemoryBackend(limits: MemoryLimits, clock: Clock): ListingSessionBackend {
  let sessions = new ExpiringSessions(limits);
  const versions = new WriteVersions();

  return {
    read(key, ttlSeconds) {
      const now = clock.monotonic();
      const slot = sessions.use(key, now);
      if (slot !== NONE && ttlSeconds !== undefined) sessions.expireAt(slot, now, ttlSeconds);
      return current(slot);
    },
    write(key, data, { replaces, ttlSeconds }) {
      const now = clock.monotonic();
      const slot = sessions.use(key, now);
      if (versionOf(slot) !== replaces) return { written: false, current: current(slot) };
      const written = sessions.put(slot, key, data);
      sessions.expireAt(written, now, ttlSeconds);
      sessions.makeRoom();
      const write = versions.next();
      sessions.setWrite(written, write);
      return { written: true, version: versions.of(write) };
    },
    touch(key, ttlSeconds) {
      const now = clock.monotonic();
      const slot = sessions.use(key, now);
      if (slot !== NONE) sessions.expireAt(slot, now, ttlSeconds);
      return slot !== NONE;
    },
    destroy(key, replaces) {
      const slot = sessions.use(key, clock.monotonic());
      if (slot === NONE) return { destroyed: false, current: undefined };
      if (replaces !== undefined && versionOf(slot) !== replaces) return { destroyed: false, current: current(slot) };
      sessions.remove(slot);
      return { destroyed: true };
    },
    list: (_, cursor) => sessions.page(cursor, clock.monotonic()),
    close() {
      sessions = new ExpiringSessions(limits);
    },
  };

  function versionOf(slot: number): Version | undefined {
    return slot === NONE ? undefined : versions.of(sessions.writeOf(slot));
  }

  function current(slot: number): StoredSession | undefined {
    return slot === NONE ? undefined : { data: sessions.dataOf(slot), version: versions.of(sessions.writeOf(slot)) };
  }
}

/** Counts writes, behind a random part, so that a version of another handler or an earlier process never matches. */
class WriteVersions {
  readonly #origin = crypto.randomUUID();
  #writes = 0;

  next(): number {
    this.#writes += 1;
    return this.#writes;
  }

  of(write: number): Version {
    return `${this.#origin}:${write}` as Version; // the only place where this store creates versions
  }
}
