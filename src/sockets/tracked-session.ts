import type { Session } from "../session/session.ts";
import { closeCodes } from "./close-codes.ts";
import { goneError, staleError } from "./failures.ts";
import { LookSchedule } from "./look-schedule.ts";
import type { Settings } from "./settings.ts";
import { SocketGroup } from "./socket-group.ts";

/** The old id of a session that has moved is gone by then: a grace time has 30 s at most. */
const MOVES_WITHIN_MS = 60_000;

const ended = [closeCodes.ended, "The session has ended."] as const;
const moved = [closeCodes.moved, "The session has another id."] as const;

/** The keeper of the sessions that have sockets. */
export interface TrackedSessionHost {
  readonly settings: Settings;
  /** Has somebody look at the session, soon. */
  look(tracked: TrackedSession): void;
  /** Forgets a session that nobody has to do with any more. */
  release(tracked: TrackedSession): void;
}

/** A session that has sockets in this process, or is about to. */
export class TrackedSession {
  readonly group: SocketGroup;
  hasEnded = false;
  isReleased = false;
  #id: string;
  #key: string;
  readonly #host: TrackedSessionHost;
  readonly #schedule: LookSchedule;
  #moveExpectedAt = -Infinity;
  #whenStored: (() => void)[] = [];

  constructor(id: string, key: string, host: TrackedSessionHost) {
    this.#id = id;
    this.#key = key;
    this.#host = host;
    this.group = new SocketGroup(host.settings.clock, () => this.release());
    this.#schedule = new LookSchedule(host.settings, {
      look: () => host.look(this),
      giveUp: () => this.#closeStale(),
    });
  }

  get id(): string {
    return this.#id;
  }

  get key(): string {
    return this.#key;
  }

  /** Looks whether the session is still there. `signal` gives up waiting for the store. */
  async open(keepAlive: boolean, signal?: AbortSignal): Promise<Session | undefined> {
    const id = this.#id;
    const session = await this.#host.settings.sessions.open(id, { keepAlive, silent: true, signal });
    if (session === undefined || id !== this.#id) return session;
    this.markStored();
    this.#schedule.saw(session.ttlSeconds, keepAlive);
    return session;
  }

  /** One of the regular looks, or one that somebody has asked for. */
  async revalidate(): Promise<void> {
    const id = this.#id;
    const keepAlive = this.#schedule.takeUse();
    try {
      const session = await this.open(keepAlive);
      if (session !== undefined || id !== this.#id) return;
      if (this.#schedule.isAwaited) this.#schedule.awaitStored();
      else this.end(this.#hasMoved ? "moved" : "gone");
    } catch (error) {
      this.#host.settings.reporter.report({ type: "failed", key: this.#key, error });
      this.#schedule.failed(keepAlive);
    }
  }

  /** Called when the store has just answered for it. */
  confirm(): void {
    this.#schedule.confirm();
  }

  /** Called when its user has done something. */
  use(): void {
    if (this.#schedule.use()) this.#host.look(this);
  }

  /** Goes on under another id, where it may be stored a moment later. */
  move(id: string, key: string, isAwaited: boolean): void {
    this.#id = id;
    this.#key = key;
    this.#schedule.moved(isAwaited);
  }

  /** Called when it is stored under the id that it has. */
  markStored(): void {
    this.#schedule.stored();
    for (const settle of this.#whenStored.splice(0)) settle();
  }

  /** Called when another process says that it goes on under another id: then it has moved, if it is gone here. */
  expectMove(): void {
    this.#moveExpectedAt = this.#host.settings.clock.monotonic();
  }

  /** Resolves when it is stored under the id that it has, or will not be any more. */
  async whenStored(): Promise<void> {
    if (this.#schedule.isAwaited) await new Promise<void>((resolve) => this.#whenStored.push(resolve));
  }

  /** Ends it in this process, with all its sockets. */
  end(reason: "destroyed" | "gone" | "moved"): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const { sockets } = this.group;
    if (sockets.size > 0) {
      this.#host.settings.reporter.report({ type: "ended", key: this.#key, reason, sockets: sockets.size });
    }
    const [code, text] = reason === "moved" ? moved : ended;
    for (const socket of [...sockets]) socket.end(code, text, goneError());
    this.release();
  }

  release(): void {
    this.isReleased = true;
    this.#schedule.stop();
    this.markStored();
    this.#host.release(this);
  }

  get #hasMoved(): boolean {
    return this.#host.settings.clock.monotonic() - this.#moveExpectedAt < MOVES_WITHIN_MS;
  }

  /** Nobody can tell whether it is still there: it may not have ended, but nobody can go on with it here. */
  #closeStale(): void {
    const { sockets, size } = this.group;
    for (const socket of [...sockets]) {
      socket.end(closeCodes.unavailable, "The session could not be checked.", staleError());
    }
    if (size === 0) this.release();
  }
}
