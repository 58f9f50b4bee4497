import type { RunningCall } from "../../backend/call.ts";
import { withCancellation } from "../../backend/cancellation.ts";
import type { SessionBackend, WriteCondition } from "../../backend/session-backend.ts";
import { SessionError } from "../../errors.ts";
import type { DestroyResult, SessionHandler, StoredSession, Version, WriteResult } from "../../handler.ts";
import { locate, sessionOf, versionIn } from "./located.ts";
import { hasMoveMarker, isTombstone } from "./markers.ts";
import { type MigrationParts, SessionMover } from "./session-mover.ts";
import { after, before, repeat } from "./steps.ts";

/** A store of two, between which sessions move. A caller that gives up does not know how far a move has got. */
export class Migration implements SessionBackend {
  readonly #from: SessionHandler;
  readonly #to: SessionHandler;
  readonly #moves: boolean;
  readonly #mover: SessionMover;

  constructor(parts: MigrationParts) {
    this.#from = parts.from;
    this.#to = parts.to;
    this.#moves = parts.moves;
    this.#mover = new SessionMover(parts);
  }

  async read(key: string, ttlSeconds: number | undefined, call: RunningCall): Promise<StoredSession | undefined> {
    return sessionOf(await this.#mover.find(key, ttlSeconds, call));
  }

  async write(key: string, data: Uint8Array, condition: WriteCondition, call: RunningCall): Promise<WriteResult> {
    if (isTombstone(data) || hasMoveMarker(data)) {
      const message = "Data that begins like the marks of a migration cannot be stored while sessions move.";
      throw new SessionError("failed", message, { outcome: "not-applied" });
    }
    const { replaces, ttlSeconds } = condition;
    if (replaces === undefined) return this.#create(key, data, ttlSeconds, call);
    const { location, version } = locate(replaces);
    const store = location === "old" ? this.#from : this.#to;
    const result = await store.write(key, data, withCancellation({ replaces: version, ttlSeconds }, call));
    if (result.written) return { written: true, version: versionIn(location, result.version) };
    return { written: false, current: await this.#current(key, call) };
  }

  async touch(key: string, ttlSeconds: number, call: RunningCall): Promise<boolean> {
    return repeat(async () => {
      const found = await before(this.#mover.find(key, undefined, call));
      if (found.location === "new") return this.#to.touch(key, ttlSeconds, withCancellation({}, call));
      if (found.location !== "old") return false;
      return (await this.#from.touch(key, ttlSeconds, withCancellation({}, call))) || undefined; // it has moved
    });
  }

  async destroy(key: string, replaces: Version | undefined, call: RunningCall): Promise<DestroyResult> {
    if (replaces === undefined) return this.#end(key, call);
    const { location, version } = locate(replaces);
    if (location === "new") {
      if (await this.#mover.bury(key, version, call)) {
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

  async #create(key: string, data: Uint8Array, ttlSeconds: number, call: RunningCall): Promise<WriteResult> {
    return repeat<WriteResult>(async () => {
      const found = await before(this.#mover.find(key, undefined, call));
      const current = sessionOf(found);
      if (current) return { written: false, current };
      const tombstone = found.location === "ended" ? found.stored.version : undefined;
      if (!this.#moves && tombstone === undefined) return this.#createOld(key, data, ttlSeconds, call);
      const written = await this.#to.write(key, data, withCancellation({ replaces: tombstone, ttlSeconds }, call));
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
    const found = await after(this.#mover.findNew(key, undefined, call));
    if (found.location === "nowhere") return { written: true, version: versionIn("old", written.version) };
    await after(this.#from.destroy(key, withCancellation({ replaces: written.version }, call)));
    return undefined;
  }

  #end(key: string, call: RunningCall): Promise<DestroyResult> {
    return repeat<DestroyResult>(async () => {
      const found = await before(this.#mover.findUnmoved(key, call));
      if (found.location === "nowhere") return { destroyed: false, current: undefined };
      if (found.location !== "ended" && !(await this.#mover.end(key, found, call))) return undefined;
      if (found.location !== "ended") await after(this.#from.destroy(key, withCancellation({}, call)));
      return found.location === "ended" ? { destroyed: false, current: undefined } : { destroyed: true };
    });
  }

  /** Returns what is stored after a condition was not met. */
  async #current(key: string, call: RunningCall): Promise<StoredSession | undefined> {
    return sessionOf(await before(this.#mover.find(key, undefined, call)));
  }
}
