import type { SessionEvent } from "../../session/events/session-event.ts";
import type { Settings } from "../settings.ts";
import type { TrackedSession } from "./tracked-session.ts";

/** Number of steps in which the sessions are checked after a gap. */
const STEPS = 10;
const STEP_MS = 100;

type EventElsewhere = Extract<SessionEvent, { origin: "elsewhere" }>;

/** The sessions tracked here, for news from other processes. */
export interface TrackedSessions {
  all(): TrackedSession[];
  under(key: string): readonly TrackedSession[];
  /** Schedules an early check of a session. */
  look(tracked: TrackedSession): void;
}

/** Has sessions checked when another process reports something about them. A report proves nothing: the store decides. */
export class Elsewhere {
  readonly #settings: Settings;
  readonly #tracked: TrackedSessions;
  /** The keys by the hashes that name them in other processes; created on the first report. */
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

  /** Checks all sessions, spread over a second, and once more if another gap occurs in the meantime. */
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
