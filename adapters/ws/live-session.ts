import { type Session, SessionError } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { Settings } from "./options.ts";
import type { ServedSocket } from "./served-socket.ts";

/** Keeping alive takes a round trip: a session with a long time to live is kept alive once a minute. */
const KEEP_ALIVE_EVERY_MS = 60_000;
const MIN_LOOK_EVERY_MS = 1000;
/** Stores end a session up to so much late. */
const EXPIRY_SLACK_MS = 100;
/** After a look or a keeping alive that has failed. */
const RETRY_AFTER_MS = 1000;
/** A session of express-session that was given another id is stored when its request ends. */
const SUCCESSOR_WITHIN_MS = 10_000;

/** What ends with a live session, or is done by somebody else. */
export interface LiveSessionHost {
  readonly settings: Settings;
  /** Has somebody look at it, soon. */
  look(live: LiveSession): void;
  /** Forgets a session that nobody has to do with any more. */
  release(live: LiveSession): void;
}

/** A session that has sockets in this process, or is about to: when it was seen last, and when to look at it again. */
export class LiveSession {
  readonly sockets: Set<ServedSocket> = new Set();
  /** Handshakes that are under way. */
  arrivals = 0;
  hasEnded = false;
  #id: string;
  #key: string;
  readonly #host: LiveSessionHost;
  /** All times are monotonic, in milliseconds. */
  #seenAt: number;
  #usedAt = -Infinity;
  #expiresAt = Infinity;
  #ttlMs = Infinity;
  /** Until when it may not be stored yet under the id that it has got. */
  #awaitedUntil = -Infinity;
  #isUseDue = false;
  #isReleased = false;
  #whenSettled: (() => void)[] = [];
  #cancelTimer = () => {};

  constructor(id: string, key: string, host: LiveSessionHost) {
    this.#id = id;
    this.#key = key;
    this.#host = host;
    this.#seenAt = this.#now();
  }

  get id(): string {
    return this.#id;
  }

  get key(): string {
    return this.#key;
  }

  /** How many sockets it has, and will have when all handshakes come through. */
  get size(): number {
    return this.sockets.size + this.arrivals;
  }

  /** Looks whether the session is still there. `signal` gives up waiting for the store. */
  async open(keepAlive: boolean, signal?: AbortSignal): Promise<Session | undefined> {
    const id = this.#id;
    const session = await this.#host.settings.sessions.open(id, { keepAlive, signal });
    if (session !== undefined && id === this.#id) this.#see(session, keepAlive);
    return session;
  }

  /** One of the regular looks, or one that somebody has asked for. */
  async revalidate(): Promise<void> {
    const id = this.#id;
    const keepAlive = this.#isUseDue;
    this.#isUseDue = false;
    try {
      const session = await this.open(keepAlive);
      if (session !== undefined || id !== this.#id) return;
      if (this.#isAwaited) this.#lookIn(this.#awaitedUntil - this.#now());
      else this.end("gone");
    } catch (error) {
      this.#host.settings.reports.add({ type: "failed", key: this.#key, error });
      if (keepAlive) this.#usedAt = this.#now() - this.#keepAliveEveryMs + RETRY_AFTER_MS; // the next message tries again
      this.#lookIn(RETRY_AFTER_MS);
    }
  }

  /** The store has just answered for it. */
  confirm(): void {
    this.#seenAt = this.#now();
  }

  /** Its user has done something. */
  use(): void {
    const now = this.#now();
    if (now - this.#usedAt < this.#keepAliveEveryMs) return;
    this.#usedAt = now;
    this.#isUseDue = true;
    this.#host.look(this);
  }

  /** Goes on under another id, where it may be stored a moment later. */
  move(id: string, key: string, isAwaited: boolean): void {
    this.#id = id;
    this.#key = key;
    if (isAwaited) this.#awaitedUntil = this.#now() + SUCCESSOR_WITHIN_MS;
    this.#lookIn(isAwaited ? SUCCESSOR_WITHIN_MS : this.#lookEveryMs);
  }

  /** It is stored under its new id. */
  arrive(): void {
    this.#awaitedUntil = -Infinity;
    for (const settle of this.#whenSettled.splice(0)) settle();
  }

  /** Resolves when it is stored under the id that it has, or will not be any more. */
  async settled(): Promise<void> {
    if (this.#isAwaited) await new Promise<void>((resolve) => this.#whenSettled.push(resolve));
  }

  /** Ends it in this process, with all its sockets. */
  end(reason: "destroyed" | "gone"): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const { sockets } = this;
    if (sockets.size > 0) {
      this.#host.settings.reports.add({ type: "ended", key: this.#key, reason, sockets: sockets.size });
    }
    for (const socket of [...sockets]) socket.end(1008, "The session has ended.", goneError());
    this.release();
  }

  /** Called when a socket or a handshake has gone. */
  leave(): void {
    if (this.size === 0) this.release();
  }

  release(): void {
    this.#isReleased = true;
    this.#cancelTimer();
    this.arrive();
    this.#host.release(this);
  }

  #see(session: Session, isUsed: boolean): void {
    const now = this.#now();
    this.#seenAt = now;
    this.#ttlMs = session.ttlSeconds * 1000;
    if (isUsed) this.#usedAt = now;
    // Others may keep it alive as well: then it is still there when it should have expired.
    const isSliding = isUsed || now >= this.#expiresAt;
    this.#expiresAt = Math.min(isSliding ? Infinity : this.#expiresAt, now + this.#ttlMs + EXPIRY_SLACK_MS);
    this.arrive();
    this.#lookIn(this.#lookEveryMs);
  }

  /** Plans the next look, which comes earlier when the session should expire before. */
  #lookIn(delayMs: number): void {
    const untilExpiryMs = this.#expiresAt - this.#now();
    this.#setTimer(untilExpiryMs > 0 ? Math.min(delayMs, untilExpiryMs) : delayMs);
  }

  /** While a look is under way, which plans the next one, nothing is left to be done but to give up. */
  #setTimer(delayMs: number): void {
    this.#cancelTimer();
    if (this.#isReleased) return;
    const { clock, maxStalenessMs } = this.#host.settings;
    const untilStaleMs = this.#seenAt + maxStalenessMs - this.#now();
    const isLook = delayMs < untilStaleMs;
    this.#cancelTimer = isLook
      ? clock.schedule(() => this.#look(), Math.max(0, delayMs))
      : scheduleDeadline(clock, () => this.#closeStale(), Math.max(0, untilStaleMs));
  }

  #look(): void {
    this.#host.look(this);
    this.#setTimer(Infinity);
  }

  /** Nobody can tell whether it is still there: it may not have ended, but nobody can go on with it here. */
  #closeStale(): void {
    for (const socket of [...this.sockets]) socket.end(1013, "The session could not be checked.", staleError());
    this.leave();
  }

  get #isAwaited(): boolean {
    return this.#now() < this.#awaitedUntil;
  }

  /** A session that does not live long is looked at more often. */
  get #lookEveryMs(): number {
    return Math.min(this.#host.settings.revalidateEveryMs, Math.max(MIN_LOOK_EVERY_MS, this.#ttlMs / 10));
  }

  get #keepAliveEveryMs(): number {
    return Math.min(KEEP_ALIVE_EVERY_MS, this.#ttlMs / 10);
  }

  #now(): number {
    return this.#host.settings.clock.monotonic();
  }
}

export function goneError(): SessionError {
  return new SessionError("gone", "The session has ended.", { outcome: "not-applied" });
}

export function closingError(): SessionError {
  return new SessionError("closed", "The server is ending.", { outcome: "not-applied" });
}

function staleError(): SessionError {
  return new SessionError("unavailable", "The store has not answered for the session for too long.");
}
