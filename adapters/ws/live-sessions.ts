import type { SessionEvent } from "sessionwire";
import { LiveSession, type LiveSessionHost } from "./live-session.ts";
import type { Settings } from "./options.ts";
import { Refusal } from "./refusal.ts";

/** So many sessions are looked at together; those of one turn leave in one system call where the client can do that. */
const LOOKS_AT_A_TIME = 64;

/** The sessions that have sockets in this process, by the keys under which they are stored. */
export class LiveSessions implements LiveSessionHost {
  readonly settings: Settings;
  /** There are several under one key where one has moved to another's. */
  readonly #byKey = new Map<string, LiveSession[]>();
  readonly #due = new Set<LiveSession>();
  #looking = 0;
  readonly #unsubscribe: () => void;

  constructor(settings: Settings) {
    this.settings = settings;
    this.#unsubscribe = settings.sessions.subscribe((event) => this.#on(event));
  }

  /**
   * The live session of an id. It hears from now on what becomes of the session, so that one that ends while a handshake is under
   * way does not go unnoticed. Rejects with a {@link Refusal} when it has all the sockets that it may have: a place is counted and taken
   * in one step, or many who come at once would take it from each other.
   */
  async join(id: string): Promise<LiveSession> {
    const { sessions, maxSocketsPerSession } = this.settings;
    const key = await sessions.format.keyOf(id);
    const known = this.#under(key)[0];
    if (known && known.size >= maxSocketsPerSession) throw new Refusal("too_many");
    const live = known ?? new LiveSession(id, key, this);
    live.arrivals += 1;
    if (!known) this.#add(live);
    return live;
  }

  all(): LiveSession[] {
    return [...this.#byKey.values()].flat();
  }

  /** Looks now at those under this key, or at all. */
  async revalidate(key: string | undefined): Promise<void> {
    const lives = key === undefined ? this.all() : this.#under(key);
    for (let start = 0; start < lives.length; start += LOOKS_AT_A_TIME) {
      await Promise.all(lives.slice(start, start + LOOKS_AT_A_TIME).map((live) => live.revalidate()));
    }
  }

  close(): void {
    this.#unsubscribe();
    for (const live of this.all()) live.release();
  }

  look(live: LiveSession): void {
    this.#due.add(live);
    if (this.#looking < LOOKS_AT_A_TIME) this.#lookAtNext();
  }

  release(live: LiveSession): void {
    this.#due.delete(live);
    const others = this.#under(live.key).filter((other) => other !== live);
    if (others.length > 0) this.#byKey.set(live.key, others);
    else this.#byKey.delete(live.key);
  }

  async #lookAtNext(): Promise<void> {
    this.#looking += 1;
    try {
      for (const live of this.#due) {
        this.#due.delete(live);
        await live.revalidate();
      }
    } finally {
      this.#looking -= 1;
    }
  }

  #on(event: SessionEvent): void {
    if (event.type === "created") for (const live of this.#under(event.key)) live.arrive();
    else if (event.type === "ended") for (const live of this.#under(event.key)) live.end(event.reason);
    else for (const live of this.#under(event.previousKey)) this.#move(live, event);
  }

  /** Where ids are chosen by express-session, the new session begins empty, and is stored when the request ends. */
  #move(live: LiveSession, { id, key, previousKey }: SessionEvent & { type: "regenerated" }): void {
    this.release(live);
    live.move(id, key, this.settings.sessions.format.adoptsIds);
    this.#add(live);
    if (live.sockets.size > 0) this.settings.reports.add({ type: "moved", key, previousKey });
  }

  #add(live: LiveSession): void {
    this.#byKey.set(live.key, [...this.#under(live.key), live]);
  }

  #under(key: string): readonly LiveSession[] {
    return this.#byKey.get(key) ?? [];
  }
}
