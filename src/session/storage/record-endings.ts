import { replaceOutcome } from "../../errors.ts";
import type { SessionHandler } from "../../handler.ts";
import { isUnreadable, unknownUnlessSaid } from "../failures.ts";
import { MAX_FORWARDS } from "./forwarding.ts";
import type { RecordStore } from "./record-store.ts";
import type { UserLists } from "./user-lists.ts";

/** Ends sessions, whatever is stored under their keys. */
export class RecordEndings {
  readonly #handler: SessionHandler;
  readonly #records: RecordStore;

  constructor(handler: SessionHandler, records: RecordStore) {
    this.#handler = handler;
    this.#records = records;
  }

  /**
   * Destroys whatever is stored, including the target of a forward. Returns the key of the session itself. A session
   * with an unsettled creation may still be created by a request under way: it is destroyed once more after the
   * connection on which the request was sent has been dropped.
   */
  async end(key: string): Promise<string> {
    const { creations } = this.#records;
    const ended = await this.#destroyThroughForwards(key).catch(unknownUnlessSaid);
    if (!creations.has(key)) return ended;
    try {
      await creations.settle(key, () => this.#erase(key));
    } catch (error) {
      throw replaceOutcome(error, "unknown"); // what was there has ended
    }
    return ended;
  }

  /** Destroys once more what this process may have created without receiving a reply. */
  async endUnsettled(key: string): Promise<void> {
    const { creations } = this.#records;
    if (creations.has(key)) await creations.settle(key, () => this.#handler.destroy(key));
  }

  /** Destroys the target of a forward first, step by step, so that no session escapes to another id in the meantime. */
  async #destroyThroughForwards(key: string, steps = 0): Promise<string> {
    const records = this.#records;
    let ended = key;
    try {
      if (records.format.storesForwards) {
        let snapshot = await records.read(key, false).catch(unlessUnreadable);
        for (let conflicts = 0; snapshot?.stored && conflicts < MAX_FORWARDS; conflicts += 1) {
          const { forward } = snapshot.stored.record;
          if (forward && steps < MAX_FORWARDS) ended = await this.#destroyThroughForwards(forward.key, steps + 1);
          const ending = await records.destroy(key, snapshot.stored);
          if (ending.isDone || ending.snapshot.stored === undefined) return ended;
          snapshot = ending.snapshot;
        }
      }
      await this.#erase(key);
      return ended;
    } catch (error) {
      throw ended === key ? error : replaceOutcome(error, "unknown"); // the session that it leads to has ended
    }
  }

  /** Destroys whatever is stored under this one key. */
  async #erase(key: string): Promise<void> {
    const { decoded, users } = this.#records;
    const user = users && (await this.#userUnder(users, key));
    await this.#handler.destroy(key).catch(unknownUnlessSaid);
    decoded.forget(key);
    await users?.release(user, key);
  }

  /** Returns the user of the session under a key; `undefined` if it cannot be read, as it is destroyed in any case. */
  async #userUnder(users: UserLists, key: string): Promise<string | undefined> {
    try {
      const found = await this.#handler.read(key);
      return found && users.userOf(this.#records.decoded.recordOf(key, found.data));
    } catch {
      return undefined;
    }
  }
}

/** Allows an unreadable session to be destroyed. */
function unlessUnreadable(error: unknown): undefined {
  if (!isUnreadable(error)) throw error;
}
