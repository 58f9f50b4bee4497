import type { Session } from "../../session/session.ts";
import type { Settings } from "../settings.ts";
import { SocketGroup } from "../socket-group.ts";
import { closeUnconfirmed, closeWithSession } from "./close-with-session.ts";
import { LookSchedule } from "./look-schedule.ts";

/** Time after which the old id of a moved session is gone: a grace period lasts at most 30 s. */
const MOVES_WITHIN_MS = 60_000;

/** The owner of the tracked sessions. */
export interface TrackedSessionHost {
  readonly settings: Settings;
  /** Schedules an early check of the session. */
  look(tracked: TrackedSession): void;
  /** Forgets a session that is no longer used. */
  release(tracked: TrackedSession): void;
}

/** A session that has, or is about to have, sockets in this process. */
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
      giveUp: () => this.#closeUnconfirmed(),
    });
  }

  get id(): string {
    return this.#id;
  }

  get key(): string {
    return this.#key;
  }

  /** Checks if the session still exists. `signal` stops waiting for the store. */
  async open(keepAlive: boolean, signal?: AbortSignal): Promise<Session | undefined> {
    const id = this.#id;
    const session = await this.#host.settings.sessions.open(id, { keepAlive, silent: true, signal });
    if (session === undefined || id !== this.#id) return session;
    this.markStored();
    this.#schedule.saw(session.ttlSeconds, keepAlive);
    return session;
  }

  /** Checks the session, regularly or on request. */
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

  /** Called when the store has just confirmed the session. */
  confirm(): void {
    this.#schedule.confirm();
  }

  /** Called when the user has done something. */
  use(): void {
    if (this.#schedule.use()) this.#host.look(this);
  }

  /** Follows the session to another id, under which it may be stored a moment later. */
  move(id: string, key: string, isAwaited: boolean): void {
    this.#id = id;
    this.#key = key;
    this.#schedule.moved(isAwaited);
  }

  /** Called when the session is stored under its current id. */
  markStored(): void {
    this.#schedule.stored();
    for (const settle of this.#whenStored.splice(0)) settle();
  }

  /** Called when another process reports a new id. If the session is gone here, it has then moved. */
  expectMove(): void {
    this.#moveExpectedAt = this.#host.settings.clock.monotonic();
  }

  /** Resolves when the session is stored under its current id, or never will be. */
  async whenStored(): Promise<void> {
    if (this.#schedule.isAwaited) await new Promise<void>((resolve) => this.#whenStored.push(resolve));
  }

  /** Ends the session in this process, with all its sockets. */
  end(reason: "destroyed" | "gone" | "moved"): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const { sockets } = this.group;
    if (sockets.size > 0) {
      this.#host.settings.reporter.report({ type: "ended", key: this.#key, reason, sockets: sockets.size });
    }
    closeWithSession(sockets, reason);
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

  #closeUnconfirmed(): void {
    const { sockets, size } = this.group;
    closeUnconfirmed(sockets);
    if (size === 0) this.release();
  }
}
