import { isSessionError, type SessionManager } from "sessionwire";

const WRITERS = 8;

/** What each session keeps: the names of the updates that it has taken. */
export interface Kept {
  readonly name: string;
  readonly updates: readonly string[];
}

/** Creates a session, and returns its id. */
export async function beginSession(sessions: SessionManager<Kept>, name: string): Promise<string> {
  const session = await sessions.create();
  session.set("name", name);
  session.set("updates", []);
  await session.save();
  return session.id;
}

/** Writers, and one who ends sessions, all at the same time. */
export class Traffic {
  /** By session, the updates that were acknowledged. */
  readonly updates: Map<string, string[]>;
  /** The sessions that somebody has ended. */
  readonly ended = new Set<string>();
  /** Those that were gone though nobody had ended them. */
  readonly signedOut: string[] = [];
  readonly #ids: readonly string[];
  /** Sessions that are being ended, of which nobody knows what they take meanwhile. */
  readonly #ending = new Set<string>();
  #count = 0;

  constructor(ids: readonly string[]) {
    this.#ids = ids;
    this.updates = new Map(ids.map((id) => [id, []]));
  }

  /** Makes so many updates; instead of every twentieth, ends the session that the next one changes at the same time. */
  async run(managers: readonly SessionManager<Kept>[], updates: number): Promise<void> {
    const last = this.#count + updates;
    const writers = Array.from({ length: WRITERS }, async (_, index) => {
      const manager = managers[index % managers.length] as SessionManager<Kept>;
      while (this.#count < last) {
        this.#count += 1;
        await (this.#count % 20 === 0 ? this.#end(manager, this.#count + 1) : this.#update(manager, this.#count));
      }
    });
    await Promise.all(writers);
  }

  async #update(sessions: SessionManager<Kept>, count: number): Promise<void> {
    const id = this.#idOf(count);
    const name = `update ${count}`;
    try {
      await sessions.update(id, (session) => session.update("updates", (updates = []) => [...updates, name]));
      this.updates.get(id)?.push(name);
    } catch (error) {
      if (!isSessionError(error) || error.code !== "gone") throw error;
      if (!this.#ending.has(id)) this.signedOut.push(id);
    }
  }

  async #end(sessions: SessionManager<Kept>, count: number): Promise<void> {
    const id = this.#idOf(count);
    this.#ending.add(id);
    await sessions.destroy(id);
    this.ended.add(id);
  }

  #idOf(update: number): string {
    return this.#ids[(update * 7 - Math.floor(update / 20)) % this.#ids.length] ?? "";
  }
}
