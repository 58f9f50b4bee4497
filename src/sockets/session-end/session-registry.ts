import { RetiredKeys } from "../../session/events/retired-keys.ts";
import type { SessionEvent } from "../../session/events/session-event.ts";
import type { Settings } from "../settings.ts";
import { SocketGroup, takePlace } from "../socket-group.ts";
import { Elsewhere, type TrackedSessions } from "./events-elsewhere.ts";
import { TrackedSession, type TrackedSessionHost } from "./tracked-session.ts";

/** Maximum number of concurrent checks; if the client supports it, those of one turn are sent in one system call. */
const LOOKS_AT_A_TIME = 64;

/** The sessions that have sockets in this process, by the keys under which they are stored. */
export class SessionRegistry implements TrackedSessionHost, TrackedSessions {
  readonly settings: Settings;
  /** A key has several if one of them has moved to the key of another. */
  readonly #byKey = new Map<string, TrackedSession[]>();
  readonly #byUser = new Map<string | number, SocketGroup>();
  readonly #due = new Set<TrackedSession>();
  readonly #elsewhere: Elsewhere;
  readonly #retired: RetiredKeys;
  #looking = 0;
  readonly #unsubscribe: () => void;

  constructor(settings: Settings) {
    this.settings = settings;
    this.#elsewhere = new Elsewhere(settings, this);
    this.#retired = new RetiredKeys((key) => settings.sessions.hashOf(key));
    this.#unsubscribe = settings.sessions.subscribe((event) => this.#on(event));
  }

  /**
   * Returns the tracked session of an id, with a place for a handshake. It is notified of events from now on, so that a
   * session that ends during the handshake does not go unnoticed. Rejects with a `Refusal` if the session has reached
   * its maximum number of sockets.
   */
  async join(id: string): Promise<TrackedSession> {
    const { sessions, maxSocketsPerSession } = this.settings;
    const key = await sessions.format.keyOf(id);
    return takePlace(() => this.under(key)[0] ?? this.#add(new TrackedSession(id, key, this)), maxSocketsPerSession);
  }

  /**
   * Returns the sockets of a user, with a place for a handshake. Rejects with a `Refusal` if the user has reached the
   * maximum.
   */
  async joinUser(user: string | number): Promise<SocketGroup> {
    const find = () => ({ group: this.#byUser.get(user) ?? this.#addUser(user) });
    return (await takePlace(find, this.settings.maxSocketsPerUser)).group;
  }

  /** Returns `true` if a session is remembered to have moved from this key to another. */
  isRetired(key: string): boolean {
    return this.#retired.has(key);
  }

  all(): TrackedSession[] {
    return [...this.#byKey.values()].flat();
  }

  /** Checks the sessions under this key now, or all sessions. */
  async revalidate(key: string | undefined): Promise<void> {
    const sessions = key === undefined ? this.all() : this.under(key);
    for (let start = 0; start < sessions.length; start += LOOKS_AT_A_TIME) {
      await Promise.all(sessions.slice(start, start + LOOKS_AT_A_TIME).map((tracked) => tracked.revalidate()));
    }
  }

  close(): void {
    this.#unsubscribe();
    this.#elsewhere.close();
    for (const tracked of this.all()) tracked.release();
  }

  under(key: string): readonly TrackedSession[] {
    return this.#byKey.get(key) ?? [];
  }

  look(tracked: TrackedSession): void {
    this.#due.add(tracked);
    if (this.#looking < LOOKS_AT_A_TIME) this.#lookAtNext();
  }

  release(tracked: TrackedSession): void {
    this.#due.delete(tracked);
    const others = this.under(tracked.key).filter((other) => other !== tracked);
    if (others.length > 0) {
      this.#byKey.set(tracked.key, others);
      return;
    }
    if (this.#byKey.delete(tracked.key)) this.#elsewhere.remove(tracked.key);
  }

  async #lookAtNext(): Promise<void> {
    this.#looking += 1;
    try {
      for (const tracked of this.#due) {
        this.#due.delete(tracked);
        await tracked.revalidate();
      }
    } finally {
      this.#looking -= 1;
    }
  }

  #on(event: SessionEvent): void {
    this.#retired.note(event);
    if (event.origin === "elsewhere") this.#elsewhere.on(event);
    else if (event.type === "refused") return;
    else if (event.type === "created") for (const tracked of this.under(event.key)) tracked.markStored();
    else if (event.type === "ended")
      for (const tracked of this.under(event.key)) tracked.end(event.reason === "gone" ? "gone" : "destroyed");
    else for (const tracked of this.under(event.previousKey)) this.#move(tracked, event);
  }

  /**
   * Follows a session to its new key. If express-session chooses ids, the new session starts empty and is stored when
   * the request ends.
   */
  #move(
    tracked: TrackedSession,
    { id, key, previousKey }: SessionEvent & { type: "regenerated"; origin: "here" },
  ): void {
    this.release(tracked);
    tracked.move(id, key, this.settings.sessions.format.acceptsForeignIds);
    this.#add(tracked);
    if (tracked.group.sockets.size > 0) this.settings.reporter.report({ type: "moved", key, previousKey });
  }

  #add(tracked: TrackedSession): TrackedSession {
    this.#byKey.set(tracked.key, [...this.under(tracked.key), tracked]);
    this.#elsewhere.add(tracked.key);
    return tracked;
  }

  #addUser(user: string | number): SocketGroup {
    const group = new SocketGroup(this.settings.clock, () => this.#byUser.delete(user));
    this.#byUser.set(user, group);
    return group;
  }
}
