import { timeoutError } from "../../backend/call-errors.ts";
import { type Clock, scheduleDeadline } from "../../clock.ts";
import type { SessionHandler, StoredSession } from "../../handler.ts";
import { decodeRoster, encodeRoster, type Roster } from "./roster.ts";

/** The deadline for a reply of the store: a roster must not delay a commit. */
const MAX_ANSWER_MS = 200;
const TTL_SECONDS = 2;

/** The stored record of a roster, as last seen. */
export class RosterRecord {
  /** Empty while none is stored. */
  roster: Roster = [];
  /** The time at which the current roster was first seen. */
  changedAt = 0;
  /** The duration of the latest reply of the store. */
  answerMs = 0;
  readonly #handler: SessionHandler;
  readonly #clock: Clock;
  readonly #key: string;
  #stored: StoredSession | undefined;

  constructor(handler: SessionHandler, clock: Clock, key: string) {
    this.#handler = handler;
    this.#clock = clock;
    this.#key = key;
  }

  async look(): Promise<void> {
    this.#see(await this.#inTime(this.#handler.read(this.#key)));
  }

  /** Replaces the roster, unless another manager was faster. */
  async replace(roster: Roster): Promise<void> {
    const data = encodeRoster(roster);
    const options = { replaces: this.#stored?.version, ttlSeconds: TTL_SECONDS };
    const result = await this.#inTime(this.#handler.write(this.#key, data, options));
    this.#see(result.written ? { data, version: result.version } : result.current);
  }

  /** Removes the roster, unless another manager was faster. */
  async remove(): Promise<void> {
    const result = await this.#inTime(this.#handler.destroy(this.#key, { replaces: this.#stored?.version }));
    this.#see(result.destroyed ? undefined : result.current);
  }

  #see(stored: StoredSession | undefined): void {
    const roster = stored === undefined ? [] : decodeRoster(stored.data);
    if (roster === undefined) throw new Error("The record under the roster's key is not a roster.");
    if (stored?.version !== this.#stored?.version) this.changedAt = this.#clock.monotonic();
    this.#stored = stored;
    this.roster = roster;
  }

  async #inTime<T>(answer: Promise<T>): Promise<T> {
    const askedAt = this.#clock.monotonic();
    const result = await new Promise<T>((resolve, reject) => {
      const giveUp = () => reject(timeoutError("The roster", MAX_ANSWER_MS));
      const cancelTimer = scheduleDeadline(this.#clock, giveUp, MAX_ANSWER_MS);
      answer.then(resolve, reject).then(cancelTimer);
    });
    this.answerMs = this.#clock.monotonic() - askedAt;
    return result;
  }
}
