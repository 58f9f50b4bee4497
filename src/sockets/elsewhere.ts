import type { SessionEvent } from "../session/session-event.ts";
import type { Settings } from "./settings.ts";
import type { TrackedSession } from "./tracked-session.ts";

/** After a gap, the sessions are looked at in so many steps, one after the other. */
const STEPS = 10;
const STEP_MS = 100;

type EventElsewhere = Extract<SessionEvent, { origin: "elsewhere" }>;

/** The sessions that are tracked here, for what is heard from elsewhere. */
export interface TrackedSessions {
  all(): TrackedSession[];
  under(key: string): readonly TrackedSession[];
  /** Has somebody look at a session, soon. */
  look(tracked: TrackedSession): void;
}

/** Has sessions looked at of which something is heard from another process. What is heard proves nothing: the store decides. */
export class Elsewhere {
  readonly #settings: Settings;
  readonly #tracked: TrackedSessions;
  /** The keys by the hashes that name them elsewhere; made when something is heard for the first time. */
  #keys: Map<string, string> | undefined;
  #cancelTimer: (() => void) | undefined;
  #isAnotherGap = false;

  constructor(settings: Settings, tracked: TrackedSessions) {
    this.#settings = settings;
    this.#tracked = tracked;
  }

  on(event: EventElsewhere): void {
    if (event.type === "gap") this.#lookAtAll();
    else if (event.type === "failed")
      this.#settings.reporter.report({ type: "failed", key: undefined, error: event.error });
    else if (event.type === "regenerated") this.#look(event.previousKeyHash, true);
    else if (event.type === "ended") this.#look(event.keyHash, false);
  }

  /** Called when a session is tracked under a key. */
  add(key: string): void {
    this.#keys?.set(this.#settings.sessions.hashOf(key), key);
  }

  /** Called when no session is tracked under a key any more. */
  remove(key: string): void {
    this.#keys?.delete(this.#settings.sessions.hashOf(key));
  }

  close(): void {
    this.#cancelTimer?.();
  }

  #look(keyHash: string, hasMoved: boolean): void {
    if (this.#keys === undefined) {
      this.#keys = new Map();
      for (const { key } of this.#tracked.all()) this.add(key);
    }
    const key = this.#keys.get(keyHash);
    if (key === undefined) return;
    for (const tracked of this.#tracked.under(key)) {
      if (hasMoved) tracked.expectMove();
      this.#tracked.look(tracked);
    }
  }

  /** Looks at all, spread over a second, and again if more may have been missed meanwhile. */
  #lookAtAll(): void {
    if (this.#cancelTimer) {
      this.#isAnotherGap = true;
      return;
    }
    this.#isAnotherGap = false;
    const all = this.#tracked.all();
    this.#lookAtSome(all, Math.ceil(all.length / STEPS));
  }

  #lookAtSome(left: readonly TrackedSession[], count: number): void {
    for (const tracked of left.slice(0, count)) if (!tracked.isReleased) this.#tracked.look(tracked);
    const rest = left.slice(count);
    this.#cancelTimer = undefined;
    if (rest.length === 0) {
      if (this.#isAnotherGap) this.#lookAtAll();
      return;
    }
    this.#cancelTimer = this.#settings.clock.schedule(() => this.#lookAtSome(rest, count), STEP_MS);
  }
}
