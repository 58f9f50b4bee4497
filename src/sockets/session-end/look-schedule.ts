import { scheduleDeadline } from "../../clock.ts";
import type { Settings } from "../settings.ts";

/**
 * Minimum interval of keep-alives: each takes a round trip, so a session with a long time to live is kept alive once a
 * minute.
 */
const KEEP_ALIVE_EVERY_MS = 60_000;
const MIN_LOOK_EVERY_MS = 1000;
/** The delay with which stores may end a session. */
const EXPIRY_SLACK_MS = 100;
/** The pause after a failed check or keep-alive. */
const RETRY_AFTER_MS = 1000;
/** Maximum time until a session of express-session is stored under its new id, which happens when its request ends. */
const SUCCESSOR_WITHIN_MS = 10_000;

/** The actions that become due. */
export interface LookActions {
  /** Checks if the session still exists. */
  look(): void;
  /** Gives up a session that the store has not confirmed for too long. */
  giveUp(): void;
}

/**
 * Records when a session was last seen and used, and schedules the next check. All times are monotonic, in
 * milliseconds.
 */
export class LookSchedule {
  readonly #settings: Settings;
  readonly #actions: LookActions;
  #seenAt: number;
  #usedAt = -Infinity;
  #expiresAt = Infinity;
  #ttlMs = Infinity;
  /** The time until which the session may not be stored yet under its new id. */
  #awaitedUntil = -Infinity;
  #isUseDue = false;
  #isStopped = false;
  #cancelTimer: (() => void) | undefined;

  constructor(settings: Settings, actions: LookActions) {
    this.#settings = settings;
    this.#actions = actions;
    this.#seenAt = this.#now();
  }

  /** `true` while the session may not be stored yet under its new id. */
  get isAwaited(): boolean {
    return this.#now() < this.#awaitedUntil;
  }

  /** Records that the session was found, with this time to live in seconds, which was restarted if it was `used`. */
  saw(ttlSeconds: number, used: boolean): void {
    const now = this.#now();
    this.#seenAt = now;
    this.#ttlMs = ttlSeconds * 1000;
    if (used) this.#usedAt = now;
    // Others may keep it alive as well: then it still exists when it should have expired.
    const isSliding = used || now >= this.#expiresAt;
    this.#expiresAt = Math.min(isSliding ? Infinity : this.#expiresAt, now + this.#ttlMs + EXPIRY_SLACK_MS);
    this.#lookIn(this.#lookEveryMs);
  }

  /** Records that the store has just confirmed the session. */
  confirm(): void {
    this.#seenAt = this.#now();
  }

  /** Records an action of the user. Returns `true` if the session should be kept alive now. */
  use(): boolean {
    const now = this.#now();
    if (now - this.#usedAt < this.#keepAliveEveryMs) return false;
    this.#usedAt = now;
    this.#isUseDue = true;
    return true;
  }

  /** Returns `true` if the next check should keep the session alive. */
  takeUse(): boolean {
    const isDue = this.#isUseDue;
    this.#isUseDue = false;
    return isDue;
  }

  /** Records that the store has failed to answer. */
  failed(used: boolean): void {
    if (used) this.#usedAt = this.#now() - this.#keepAliveEveryMs + RETRY_AFTER_MS; // the next message tries again
    this.#lookIn(RETRY_AFTER_MS);
  }

  /** Records that the session continues under another id, where it may be stored a moment later. */
  moved(isAwaited: boolean): void {
    if (isAwaited) this.#awaitedUntil = this.#now() + SUCCESSOR_WITHIN_MS;
    this.#lookIn(isAwaited ? SUCCESSOR_WITHIN_MS : this.#lookEveryMs);
  }

  /** Records that the session is stored under its new id. */
  stored(): void {
    this.#awaitedUntil = -Infinity;
  }

  /** Schedules a check for the time by which the session should be stored under its new id. */
  awaitStored(): void {
    this.#lookIn(this.#awaitedUntil - this.#now());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
  }

  /** Schedules the next check, earlier if the session should expire before. */
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

  /** During a check, which schedules the next one, the timer can only give up. */
  #look(): void {
    this.#actions.look();
    this.#setTimer(Infinity);
  }

  /** Sessions with a short time to live are checked more often. */
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
