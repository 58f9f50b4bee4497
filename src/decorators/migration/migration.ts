import type { RunningCall } from "../../backend/call.ts";
import { withCancellation } from "../../backend/cancellation.ts";
import type { SessionBackend, WriteCondition } from "../../backend/session-backend.ts";
import type { Clock } from "../../clock.ts";
import { replaceOutcome, SessionError } from "../../errors.ts";
import type { DestroyResult, SessionHandler, StoredSession, Version, WriteResult } from "../../handler.ts";
import { asMoving, bytesOf, ended, isEnded, isMoving } from "./marks.ts";

/** The time for which an ended session leaves a mark, so that no late process can bring it back. */
const ENDED_FOR_SECONDS = 60;
/**
 * Maximum time between finding and moving a session; after that, it is looked up again. Much shorter than the time
 * above.
 */
const MOVE_WITHIN_MS = 5000;
/** Maximum number of times in a row that another process may be faster. */
const MAX_ATTEMPTS = 100;

export interface MigrationParts {
  readonly from: SessionHandler;
  readonly to: SessionHandler;
  readonly moves: boolean;
  readonly ttlSeconds: number;
  readonly clock: Clock;
}

/** The result of looking for a session. */
type Located =
  | { readonly place: "new" | "old"; readonly stored: StoredSession }
  /** It has ended, and left a mark in the new store. */
  | { readonly place: "ended"; readonly stored: StoredSession }
  | { readonly place: "nowhere" };

/** Moves sessions between the stores, step by step. A caller that gives up does not know how far the move has got. */
export class Migration implements SessionBackend {
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

  async read(key: string, ttlSeconds: number | undefined, call: RunningCall): Promise<StoredSession | undefined> {
    return sessionOf(await this.#find(key, ttlSeconds, call));
  }

  async write(key: string, data: Uint8Array, condition: WriteCondition, call: RunningCall): Promise<WriteResult> {
    if (isEnded(data) || isMoving(data)) {
      const message = "Data that begins like the marks of a migration cannot be stored while sessions move.";
      throw new SessionError("failed", message, { outcome: "not-applied" });
    }
    const { replaces, ttlSeconds } = condition;
    if (replaces === undefined) return this.#create(key, data, ttlSeconds, call);
    const { store, place, version } = this.#partsOf(replaces);
    const result = await store.write(key, data, withCancellation({ replaces: version, ttlSeconds }, call));
    if (result.written) return { written: true, version: versionIn(place, result.version) };
    return { written: false, current: await this.#current(key, call) };
  }

  async touch(key: string, ttlSeconds: number, call: RunningCall): Promise<boolean> {
    return this.#repeat(async () => {
      const found = await before(this.#find(key, undefined, call));
      if (found.place === "new") return this.#to.touch(key, ttlSeconds, withCancellation({}, call));
      if (found.place !== "old") return false;
      return (await this.#from.touch(key, ttlSeconds, withCancellation({}, call))) || undefined; // it has moved
    });
  }

  async destroy(key: string, replaces: Version | undefined, call: RunningCall): Promise<DestroyResult> {
    if (replaces === undefined) return this.#end(key, call);
    const { place, version } = this.#partsOf(replaces);
    if (place === "new") {
      const result = await this.#to.write(
        key,
        ended,
        withCancellation({ replaces: version, ttlSeconds: ENDED_FOR_SECONDS }, call),
      );
      if (result.written) {
        await after(this.#from.destroy(key, withCancellation({}, call))); // a move may have stopped half way
        return { destroyed: true };
      }
    } else {
      const result = await this.#from.destroy(key, withCancellation({ replaces: version }, call));
      if (result.destroyed) return result;
    }
    return { destroyed: false, current: await this.#current(key, call) };
  }

  async close(): Promise<void> {
    await Promise.all([this.#from.close(), this.#to.close()]);
  }

  /** Finds a session, and moves it if sessions are moved. The new store has it before the old one loses it. */
  #find(key: string, ttlSeconds: number | undefined, call: RunningCall): Promise<Located> {
    return this.#repeat(async () => {
      const found = await this.#findNew(key, ttlSeconds, call);
      if (found.place !== "nowhere") return found;
      const knownAt = this.#clock.monotonic();
      const old = await this.#from.read(key, withCancellation({ ttlSeconds }, call));
      if (old === undefined) return this.#findNew(key, ttlSeconds, call);
      if (!this.#moves && !isMoving(old.data)) return { place: "old", stored: old };
      return this.#move(key, old, ttlSeconds ?? this.#ttlSeconds, knownAt, call);
    });
  }

  async #findNew(key: string, ttlSeconds: number | undefined, call: RunningCall): Promise<Located> {
    const stored = await this.#to.read(key, withCancellation({ ttlSeconds }, call));
    if (stored === undefined) return { place: "nowhere" };
    if (!isEnded(stored.data)) return { place: "new", stored };
    await this.#from.destroy(key, withCancellation({}, call)); // another process may have stopped before this
    if (ttlSeconds !== undefined) await this.#to.touch(key, ENDED_FOR_SECONDS, withCancellation({}, call)); // or the read would have extended the life of the mark
    return { place: "ended", stored };
  }

  /** Returns `undefined` if another process was faster. */
  async #move(
    key: string,
    old: StoredSession,
    ttlSeconds: number,
    knownAt: number,
    call: RunningCall,
  ): Promise<Located | undefined> {
    const version = isMoving(old.data) ? old.version : await this.#mark(key, old, ttlSeconds, call);
    if (version === undefined || this.#clock.monotonic() - knownAt > MOVE_WITHIN_MS) return undefined;
    const data = bytesOf(old.data);
    const created = await this.#to.write(key, data, withCancellation({ replaces: undefined, ttlSeconds }, call));
    await this.#from.destroy(key, withCancellation({ replaces: version }, call));
    if (created.written) return { place: "new", stored: { data, version: created.version } };
    const { current } = created;
    return current && { place: isEnded(current.data) ? "ended" : "new", stored: current };
  }

  /** Marks the session in the old store, where nobody changes it from now on. */
  async #mark(key: string, old: StoredSession, ttlSeconds: number, call: RunningCall): Promise<Version | undefined> {
    const marked = await this.#from.write(
      key,
      asMoving(old.data),
      withCancellation({ replaces: old.version, ttlSeconds }, call),
    );
    return marked.written ? marked.version : undefined;
  }

  async #create(key: string, data: Uint8Array, ttlSeconds: number, call: RunningCall): Promise<WriteResult> {
    return this.#repeat<WriteResult>(async () => {
      const found = await before(this.#find(key, undefined, call));
      const current = sessionOf(found);
      if (current) return { written: false, current };
      const mark = found.place === "ended" ? found.stored.version : undefined;
      if (!this.#moves && mark === undefined) return this.#createOld(key, data, ttlSeconds, call);
      const written = await this.#to.write(key, data, withCancellation({ replaces: mark, ttlSeconds }, call));
      return written.written ? { written: true, version: versionIn("new", written.version) } : undefined;
    });
  }

  /**
   * Creates a session in the old store. Another process may have moved a session between the lookups in the new and the
   * old store.
   */
  async #createOld(
    key: string,
    data: Uint8Array,
    ttlSeconds: number,
    call: RunningCall,
  ): Promise<WriteResult | undefined> {
    const written = await this.#from.write(key, data, withCancellation({ replaces: undefined, ttlSeconds }, call));
    if (!written.written) return undefined;
    const found = await after(this.#findNew(key, undefined, call));
    if (found.place === "nowhere") return { written: true, version: versionIn("old", written.version) };
    await after(this.#from.destroy(key, withCancellation({ replaces: written.version }, call)));
    return undefined;
  }

  /**
   * Ends a session. One that has not moved is first locked in the old store; then it ends in the new one, where every
   * process looks.
   */
  #end(key: string, call: RunningCall): Promise<DestroyResult> {
    return this.#repeat<DestroyResult>(async () => {
      const found = await before(this.#findUnmoved(key, call));
      if (found.place === "nowhere") return { destroyed: false, current: undefined };
      if (found.place !== "ended" && !(await this.#isEnding(key, found, call))) return undefined;
      if (found.place !== "ended") await after(this.#from.destroy(key, withCancellation({}, call)));
      return found.place === "ended" ? { destroyed: false, current: undefined } : { destroyed: true };
    });
  }

  /** Returns `false` if another process was faster. */
  async #isEnding(
    key: string,
    { place, stored }: Exclude<Located, { place: "nowhere" }>,
    call: RunningCall,
  ): Promise<boolean> {
    const isHeld =
      place === "new" ||
      isMoving(stored.data) ||
      (await before(this.#mark(key, stored, this.#ttlSeconds, call))) !== undefined;
    if (!isHeld) return false;
    const replaces = place === "new" ? stored.version : undefined;
    const { written } = await this.#to.write(
      key,
      ended,
      withCancellation({ replaces, ttlSeconds: ENDED_FOR_SECONDS }, call),
    );
    return written;
  }

  /** Finds a session without moving it, because it is about to be destroyed. */
  async #findUnmoved(key: string, call: RunningCall): Promise<Located> {
    const found = await this.#findNew(key, undefined, call);
    if (found.place !== "nowhere") return found;
    const stored = await this.#from.read(key, withCancellation({}, call));
    return stored ? { place: "old", stored } : this.#findNew(key, undefined, call);
  }

  /** Returns what is stored after a condition was not met. */
  async #current(key: string, call: RunningCall): Promise<StoredSession | undefined> {
    return sessionOf(await before(this.#find(key, undefined, call)));
  }

  /** Repeats an attempt until it returns a result: `undefined` means that another process was faster. */
  async #repeat<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
    for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
      const result = await attempt();
      if (result !== undefined) return result;
    }
    throw new SessionError("conflict", `The session was changed or moved by others ${MAX_ATTEMPTS} times in a row.`, {
      outcome: "not-applied",
    });
  }

  #partsOf(version: Version): { store: SessionHandler; place: "new" | "old"; version: Version } {
    const place = version.startsWith("old:") ? "old" : "new";
    return { store: place === "old" ? this.#from : this.#to, place, version: version.slice(4) as Version }; // as it was before `versionIn`
  }
}

function sessionOf(found: Located): StoredSession | undefined {
  if (found.place !== "new" && found.place !== "old") return undefined;
  return { data: found.stored.data, version: versionIn(found.place, found.stored.version) };
}

function versionIn(place: "new" | "old", version: Version): Version {
  return `${place}:${version}` as Version; // callers treat it as opaque
}

/** Runs a step before anything is changed: if it fails, nothing has changed. */
async function before<T>(step: Promise<T>): Promise<T> {
  return step.catch((error) => Promise.reject(replaceOutcome(error, "not-applied")));
}

/** Runs a step after something was changed. */
async function after<T>(step: Promise<T>): Promise<T> {
  return step.catch((error) => Promise.reject(replaceOutcome(error, "unknown")));
}
