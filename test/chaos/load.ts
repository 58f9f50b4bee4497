import {
  createSessionManager,
  isSessionError,
  type Session,
  type SessionErrorCode,
  type SessionManager,
} from "sessionwire";
import { type Counted, count, createEntry, type Entry } from "./ledger.ts";
import { pause, type Stage } from "./stage.ts";
import { Stopwatch } from "./stopwatch.ts";

/** What the callers of a disturbed store have seen. None of the violations may ever happen. */
export interface Seen {
  updates: number;
  reads: number;
  lives: number;
  unknown: number;
  /** Calls that failed as they should, by code. */
  readonly codes: Partial<Record<SessionErrorCode, number>>;
  /** Sessions of which the store has lost everything, as it may. */
  lost: number;
  readonly violations: string[];
}

/** A number from 0 to 99, which decides what a caller does next. */
export type Dice = () => number;

const POOL = 12;

/** Several callers that share some sessions, and make and end others of their own. */
export class Load {
  readonly seen: Seen = { updates: 0, reads: 0, lives: 0, unknown: 0, codes: {}, lost: 0, violations: [] };
  readonly stopwatch = new Stopwatch();
  readonly entries: Entry[] = [];
  /** Sessions that have been destroyed, and must stay so. */
  readonly ended: Entry[] = [];
  readonly #stage: Stage;
  readonly #managers: SessionManager<Counted>[];
  #isOver = false;
  #made = 0;

  constructor(stage: Stage, handlers: number) {
    this.#stage = stage;
    this.#managers = Array.from({ length: handlers }, () =>
      createSessionManager<Counted>({ handler: this.stopwatch.around(stage.open()) }),
    );
  }

  async fill(): Promise<void> {
    const [first] = this.#managers;
    for (let place = 0; place < POOL; place += 1) this.entries.push(await this.#make(first));
  }

  /** Runs until it is stopped. Callers of one handler take turns with the others of it, as requests of one process do. */
  run(callers: number, dice: Dice): { stop(): Promise<void> } {
    const running = Array.from({ length: callers }, (_, caller) => {
      const manager = this.#managers[caller % this.#managers.length];
      return this.#call(String(caller), manager, dice);
    });
    return {
      stop: async () => {
        this.#isOver = true;
        await Promise.all(running);
      },
    };
  }

  /** What is stored under an id; waits for the store. */
  async look(id: string): Promise<Session<Counted> | undefined> {
    const [manager] = this.#managers;
    for (let tries = 0; ; tries += 1) {
      try {
        return await manager?.open(id);
      } catch (error) {
        if (!isSessionError(error) || tries > 100) throw error;
        await pause(100);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#managers.map((manager) => manager.close()));
  }

  async #call(caller: string, manager: SessionManager<Counted> | undefined, dice: Dice): Promise<void> {
    if (!manager) throw new Error("There is no manager.");
    while (!this.#isOver) {
      const place = dice() % POOL;
      const kind = dice();
      if (kind < 75) await this.#add(caller, manager, place);
      else if (kind < 90) await this.#read(manager, place);
      else await this.#live(manager);
      await pause(2 + (dice() % 8));
    }
  }

  async #add(caller: string, manager: SessionManager<Counted>, place: number): Promise<void> {
    const entry = this.#entry(place);
    try {
      await manager.update(entry.id, (session) => {
        session.update(`by ${caller}`, (n = 0) => n + 1);
        session.update("sum", (n = 0) => n + 1);
      });
      this.seen.updates += 1;
      count(entry.acknowledged, caller);
    } catch (error) {
      if (!isSessionError(error)) throw error;
      if (error.code === "gone") return this.#isAbsent(entry, place, manager);
      if (error.outcome === "unknown") {
        this.seen.unknown += 1;
        count(entry.unknown, caller);
      }
      await this.#note(error.code);
    }
  }

  async #read(manager: SessionManager<Counted>, place: number): Promise<void> {
    const entry = this.#entry(place);
    try {
      const session = await manager.open(entry.id);
      this.seen.reads += 1;
      if (!session) return await this.#isAbsent(entry, place, manager);
      if (session.get("name") !== entry.name) this.seen.violations.push("A session had the content of another.");
    } catch (error) {
      if (!isSessionError(error)) throw error;
      if (error.code === "corrupt") this.seen.violations.push("A reply was corrupt.");
      await this.#note(error.code);
    }
  }

  async #live(manager: SessionManager<Counted>): Promise<void> {
    try {
      const entry = await this.#make(manager);
      await manager.destroy(entry.id);
      this.seen.lives += 1;
      this.ended.push(entry);
    } catch (error) {
      if (!isSessionError(error)) throw error;
      await this.#note(error.code);
    }
  }

  async #make(manager: SessionManager<Counted> | undefined): Promise<Entry> {
    if (!manager) throw new Error("There is no manager.");
    const { losses = 0 } = this.#stage;
    this.#made += 1;
    const name = `session ${this.#made}`;
    const session = await manager.create();
    session.set("name", name);
    session.set("sum", 0);
    await session.save();
    return createEntry(session.id, name, losses);
  }

  /** An absent session is one of which the store has lost everything since; or the mistake that this package is against. */
  async #isAbsent(entry: Entry, place: number, manager: SessionManager<Counted>): Promise<void> {
    if (this.entries[place] !== entry) return;
    if ((this.#stage.losses ?? 0) === entry.losses) {
      this.seen.violations.push(`A session that nobody ended was absent: ${entry.name}.`);
      return;
    }
    this.seen.lost += 1;
    try {
      const successor = await this.#make(manager);
      if (this.entries[place] === entry) this.entries[place] = successor;
    } catch (error) {
      if (!isSessionError(error)) throw error;
      await this.#note(error.code);
    }
  }

  #entry(place: number): Entry {
    const entry = this.entries[place];
    if (!entry) throw new Error("The pool has not been filled.");
    return entry;
  }

  /** A caller that has failed waits a little, as the next request would come. */
  async #note(code: SessionErrorCode): Promise<void> {
    this.seen.codes[code] = (this.seen.codes[code] ?? 0) + 1;
    await pause(20);
  }
}
