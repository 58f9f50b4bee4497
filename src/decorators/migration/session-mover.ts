import type { RunningCall } from "../../backend/call.ts";
import { withCancellation } from "../../backend/cancellation.ts";
import type { Clock } from "../../clock.ts";
import type { SessionHandler, StoredSession, Version } from "../../handler.ts";
import type { Located } from "./located.ts";
import { hasMoveMarker, isTombstone, TOMBSTONE, withMoveMarker, withoutMoveMarker } from "./markers.ts";
import { before, repeat } from "./steps.ts";

/** The time for which an ended session leaves a tombstone, so that no late process can bring it back. */
const TOMBSTONE_SECONDS = 60;
/**
 * Maximum time between finding and moving a session; after that, it is looked up again. Much shorter than the time
 * above.
 */
const MOVE_WITHIN_MS = 5000;

export interface MigrationParts {
  readonly from: SessionHandler;
  readonly to: SessionHandler;
  readonly moves: boolean;
  readonly ttlSeconds: number;
  readonly clock: Clock;
}

/** Finds sessions in both stores, and moves them from the old one to the new one. */
export class SessionMover {
  readonly #from: SessionHandler;
  readonly #to: SessionHandler;
  readonly #moves: boolean;
  readonly #ttlSeconds: number;
  readonly #clock: Clock;

  constructor({ from, to, moves, ttlSeconds, clock }: MigrationParts) {
    this.#from = from;
    this.#to = to;
    this.#moves = moves;
    this.#ttlSeconds = ttlSeconds;
    this.#clock = clock;
  }

  /** Finds a session, and moves it if sessions are moved. The new store has it before the old one loses it. */
  find(key: string, ttlSeconds: number | undefined, call: RunningCall): Promise<Located> {
    return repeat(async () => {
      const found = await this.findNew(key, ttlSeconds, call);
      if (found.location !== "nowhere") return found;
      const knownAt = this.#clock.monotonic();
      const old = await this.#from.read(key, withCancellation({ ttlSeconds }, call));
      if (old === undefined) return this.findNew(key, ttlSeconds, call);
      if (!this.#moves && !hasMoveMarker(old.data)) return { location: "old", stored: old };
      return this.#move(key, old, ttlSeconds ?? this.#ttlSeconds, knownAt, call);
    });
  }

  /** Looks in the new store alone, and completes the end of a session that has left a tombstone there. */
  async findNew(key: string, ttlSeconds: number | undefined, call: RunningCall): Promise<Located> {
    const stored = await this.#to.read(key, withCancellation({ ttlSeconds }, call));
    if (stored === undefined) return { location: "nowhere" };
    if (!isTombstone(stored.data)) return { location: "new", stored };
    await this.#from.destroy(key, withCancellation({}, call)); // another process may have stopped before this
    if (ttlSeconds !== undefined) await this.#to.touch(key, TOMBSTONE_SECONDS, withCancellation({}, call)); // or the read would have extended its life
    return { location: "ended", stored };
  }

  /** Finds a session without moving it, because it is about to end. */
  async findUnmoved(key: string, call: RunningCall): Promise<Located> {
    const found = await this.findNew(key, undefined, call);
    if (found.location !== "nowhere") return found;
    const stored = await this.#from.read(key, withCancellation({}, call));
    return stored ? { location: "old", stored } : this.findNew(key, undefined, call);
  }

  /**
   * Ends a session that was found: it is first locked in the old store if it has not moved, then ends in the new one,
   * where every process looks. Returns `false` if another process was faster.
   */
  async end(
    key: string,
    { location, stored }: Exclude<Located, { location: "nowhere" }>,
    call: RunningCall,
  ): Promise<boolean> {
    const isLocked =
      location === "new" ||
      hasMoveMarker(stored.data) ||
      (await before(this.#lock(key, stored, this.#ttlSeconds, call))) !== undefined;
    if (!isLocked) return false;
    const replaces = location === "new" ? stored.version : undefined;
    return this.bury(key, replaces, call);
  }

  /** Replaces a session in the new store, or its absence, by a tombstone. Returns `false` if another process was faster. */
  async bury(key: string, replaces: Version | undefined, call: RunningCall): Promise<boolean> {
    const options = withCancellation({ replaces, ttlSeconds: TOMBSTONE_SECONDS }, call);
    return (await this.#to.write(key, TOMBSTONE, options)).written;
  }

  /** Returns `undefined` if another process was faster. */
  async #move(
    key: string,
    old: StoredSession,
    ttlSeconds: number,
    knownAt: number,
    call: RunningCall,
  ): Promise<Located | undefined> {
    const version = hasMoveMarker(old.data) ? old.version : await this.#lock(key, old, ttlSeconds, call);
    if (version === undefined || this.#clock.monotonic() - knownAt > MOVE_WITHIN_MS) return undefined;
    const data = withoutMoveMarker(old.data);
    const created = await this.#to.write(key, data, withCancellation({ replaces: undefined, ttlSeconds }, call));
    await this.#from.destroy(key, withCancellation({ replaces: version }, call));
    if (created.written) return { location: "new", stored: { data, version: created.version } };
    const { current } = created;
    return current && { location: isTombstone(current.data) ? "ended" : "new", stored: current };
  }

  /** Marks the session in the old store, where nobody changes it from now on. Returns `undefined` like `#move`. */
  async #lock(key: string, old: StoredSession, ttlSeconds: number, call: RunningCall): Promise<Version | undefined> {
    const marked = await this.#from.write(
      key,
      withMoveMarker(old.data),
      withCancellation({ replaces: old.version, ttlSeconds }, call),
    );
    return marked.written ? marked.version : undefined;
  }
}
