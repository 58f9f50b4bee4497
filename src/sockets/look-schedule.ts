import { scheduleDeadline } from "../clock.ts";
import type { Settings } from "./settings.ts";

/** Keeping alive takes a round trip: a session with a long time to live is kept alive once a minute. */
const KEEP_ALIVE_EVERY_MS = 60_000;
const MIN_LOOK_EVERY_MS = 1000;
/** The delay with which stores may end a session. */
const EXPIRY_SLACK_MS = 100;
/** The pause after a look or a keeping alive that has failed. */
const RETRY_AFTER_MS = 1000;
/** A session of express-session that was given another id is stored when its request ends. */
const SUCCESSOR_WITHIN_MS = 10_000;

/** The actions that are due at a time. */
export interface LookActions {
  /** Looks whether the session is still there. */
  look(): void;
  /** Gives up a session of which the store has said nothing for too long. */
  giveUp(): void;
}

/** When a session was seen and used last, and when to look at it again. All times are monotonic, in milliseconds. */
export class LookSchedule {
  readonly #settings: Settings;
  readonly #actions: LookActions;
  #seenAt: number;
  #usedAt = -Infinity;
  #expiresAt = Infinity;
  #ttlMs = Infinity;
  /** Until when the session may not be stored yet under the id that it was given. */
  #awaitedUntil = -Infinity;
  #isUseDue = false;
  #isStopped = false;
  #cancelTimer: (() => void) | undefined;

  constructor(settings: Settings, actions: LookActions) {
    this.#settings = settings;
    this.#actions = actions;
    this.#seenAt = this.#now();
  }

  /** `true` while the session may not be stored yet under the id that it was given. */
  get isAwaited(): boolean {
    return this.#now() < this.#awaitedUntil;
  }

  /** Notes that the session was found, with this time to live, which was restarted if it was `used`. */
  saw(ttlSeconds: number, used: boolean): void {
    const now = this.#now();
    this.#seenAt = now;
    this.#ttlMs = ttlSeconds * 1000;
    if (used) this.#usedAt = now;
    // Others may keep it alive as well: then it is still there when it should have expired.
    const isSliding = used || now >= this.#expiresAt;
    this.#expiresAt = Math.min(isSliding ? Infinity : this.#expiresAt, now + this.#ttlMs + EXPIRY_SLACK_MS);
    this.#lookIn(this.#lookEveryMs);
  }

  /** Notes that the store has just answered for the session. */
  confirm(): void {
    this.#seenAt = this.#now();
  }

  /** Notes that the user has done something; `true`: the session should be kept alive now. */
  use(): boolean {
    const now = this.#now();
    if (now - this.#usedAt < this.#keepAliveEveryMs) return false;
    this.#usedAt = now;
    this.#isUseDue = true;
    return true;
  }

  /** `true` if the next look is to keep the session alive. */
  takeUse(): boolean {
    const isDue = this.#isUseDue;
    this.#isUseDue = false;
    return isDue;
  }

  /** Notes that the store has failed to answer. */
  failed(used: boolean): void {
    if (used) this.#usedAt = this.#now() - this.#keepAliveEveryMs + RETRY_AFTER_MS; // the next message tries again
    this.#lookIn(RETRY_AFTER_MS);
  }

  /** Notes that the session goes on under another id, where it may be stored a moment later. */
  moved(isAwaited: boolean): void {
    if (isAwaited) this.#awaitedUntil = this.#now() + SUCCESSOR_WITHIN_MS;
    this.#lookIn(isAwaited ? SUCCESSOR_WITHIN_MS : this.#lookEveryMs);
  }

  /** Notes that the session is stored under its new id. */
  stored(): void {
    this.#awaitedUntil = -Infinity;
  }

  /** Looks again when the session should be stored under its new id. */
  awaitStored(): void {
    this.#lookIn(this.#awaitedUntil - this.#now());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
  }

  /** Plans the next look, which comes earlier when the session should expire before. */
  #lookIn(delayMs: number): void {
    const untilExpiryMs = this.#expiresAt - this.#now();
    this.#setTimer(untilExpiryMs > 0 ? Math.min(delayMs, untilExpiryMs) : delayMs);
  }

  #setTimer(delayMs: number): void {
    this.#cancelTimer?.();
    if (this.#isStopped) return;
    const { clock, maxStalenessMs } = this.#settings;
    const untilStaleMs = this.#seenAt + maxStalenessMs - this.#now();
    this.#cancelTimer =
      delayMs < untilStaleMs
        ? clock.schedule(() => this.#look(), Math.max(0, delayMs))
        : scheduleDeadline(clock, () => this.#actions.giveUp(), Math.max(0, untilStaleMs));
  }

  /** While a look is under way, which plans the next one, nothing is left to be done but to give up. */
  #look(): void {
    this.#actions.look();
    this.#setTimer(Infinity);
  }

  /** A session that does not live long is looked at more often. */
  get #lookEveryMs(): number {
    return Math.min(this.#settings.revalidateEveryMs, Math.max(MIN_LOOK_EVERY_MS, this.#ttlMs / 10));
  }

  get #keepAliveEveryMs(): number {
    return Math.min(KEEP_ALIVE_EVERY_MS, this.#ttlMs / 10);
  }

  #now(): number {
    return this.#settings.clock.monotonic();
  }
}
