import { timeoutError } from "../../backend/call-errors.ts";
import { type Clock, pause, scheduleDeadline } from "../../clock.ts";
import type { SessionHandler, StoredSession } from "../../handler.ts";
import {
  decodeRoster,
  encodeRoster,
  joinLine,
  leaveLine,
  MAX_IN_LINE,
  overtake,
  passOn,
  type Roster,
} from "./roster.ts";

/** The length of a turn when others wait. */
const SLICE_MS = 20;
/** Minimum number of commits per turn, on a store that is far away or a machine that is busy, and the extra time they may take. */
const MIN_COMMITS = 8;
const EXTRA_MS = 40;
/** The time to wait for more commits before leaving the line. */
const LINGER_MS = 1;
/** The time, besides a few round trips, after which the first in line is overtaken if the roster has not changed: it may have died. */
const STALE_MS = 80;
/** The extra patience of each place in line, so that not all overtake at once. */
const STAGGER_MS = 5;
/** The time in line after which a manager commits without a turn. */
const MAX_WAIT_MS = 1000;
/** The deadline of an answer of the store: a roster must not hold up a commit. */
const MAX_ANSWER_MS = 200;
const MAX_TRIES = 3;
const TTL_SECONDS = 2;

/**
 * The turns of this manager on one session that several managers change at once.
 *
 * @remarks
 * The managers stand in line on a roster: a record beside the session that lives for seconds and holds random names and nothing
 * else. A roster is advice. Whoever has the turn writes on the same condition as everybody else, so that one that is lost, stale,
 * forged or ignored costs conflicts and nothing more.
 */
export class ProcessTurn {
  readonly #handler: SessionHandler;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #key: string;
  #stored: StoredSession | undefined;
  #roster: Roster = [];
  /** When the roster was first seen as it is. */
  #changedAt = 0;
  /** The time that the latest answer of the store took. */
  #answerMs = 0;
  /** When the turn of this manager ends, if it has made some commits by then; `undefined`: it does not have it. */
  #endsAt: number | undefined;
  /** The commits of this turn. */
  #commits = 0;
  #cancelLeave: (() => void) | undefined;

  constructor(handler: SessionHandler, clock: Clock, name: string, key: string) {
    this.#handler = handler;
    this.#clock = clock;
    this.#name = name;
    this.#key = key;
  }

  /**
   * Resolves when this manager has the turn, or has waited long enough: to `true` when others may have been at work meanwhile.
   * Rejects when the roster cannot be read or written.
   *
   * With `isContested`, it looks whether it still has a turn that it should have.
   */
  async take(isContested: boolean): Promise<boolean> {
    this.#cancelLeave?.();
    const now = this.#clock.monotonic();
    const endsAt = this.#endOfTurn ?? now;
    const hadTurn = this.#endsAt !== undefined;
    this.#commits += 1;
    if (now < endsAt && !isContested) return false;
    if (now < endsAt || !this.#hasRivals) await this.#look();
    if (now < endsAt && this.#roster[0] === this.#name) return false;
    this.#endsAt = undefined;
    for (let tries = 0; hadTurn && this.#hasRivals && tries < MAX_TRIES; tries += 1) await this.#change(passOn);
    return this.#waitInLine(now + MAX_WAIT_MS);
  }

  /** Leaves the line unless more is to be done within a moment. `left` is called when it does. */
  leaveSoon(left: () => void): void {
    this.#cancelLeave?.();
    this.#cancelLeave = this.#clock.schedule(() => {
      left();
      void this.leave();
    }, LINGER_MS);
  }

  /** Resolves in any case: where this fails, the others overtake. */
  async leave(): Promise<void> {
    this.#cancelLeave?.();
    this.#endsAt = undefined;
    try {
      for (let tries = 0; this.#roster.includes(this.#name) && tries < MAX_TRIES; tries += 1) {
        if (this.#roster.length > 1) await this.#change(leaveLine);
        else await this.#end();
      }
    } catch {}
  }

  /** `true` when it stands first and others wait. */
  get #hasRivals(): boolean {
    return this.#roster[0] === this.#name && this.#roster.length > 1;
  }

  /** `undefined`: it does not have the turn. */
  get #endOfTurn(): number | undefined {
    const extraMs = this.#commits < MIN_COMMITS ? EXTRA_MS : 0;
    return this.#endsAt === undefined ? undefined : this.#endsAt + extraMs;
  }

  async #waitInLine(deadline: number): Promise<boolean> {
    for (let hasWaited = false; ; ) {
      const index = this.#roster.indexOf(this.#name);
      const now = this.#clock.monotonic();
      if (index === 0) {
        this.#endsAt = now + SLICE_MS;
        this.#commits = 1;
        return hasWaited;
      }
      if (now >= deadline || (index < 0 && this.#roster.length >= MAX_IN_LINE)) return true;
      if (index < 0) await this.#change(joinLine);
      else if (now - this.#changedAt >= this.#patienceMs(index)) await this.#change(overtake);
      else {
        hasWaited = true;
        await pause(this.#clock, this.#pauseMs(index));
        await this.#look();
      }
    }
  }

  /** A turn on a store that is far away ends later: its last write takes a round trip, and so does passing it on. */
  #patienceMs(index: number): number {
    return STALE_MS + index * STAGGER_MS + 4 * this.#answerMs;
  }

  /** The next one looks often; the others have a turn or more to wait. */
  #pauseMs(index: number): number {
    return Math.max(1, this.#answerMs / 2, ((index - 1) * SLICE_MS) / 2);
  }

  async #look(): Promise<void> {
    this.#see(await this.#inTime(this.#handler.read(this.#key)));
  }

  /** Changes the roster, unless somebody was faster. */
  async #change(change: (roster: Roster, name: string) => Roster): Promise<void> {
    const data = encodeRoster(change(this.#roster, this.#name));
    const options = { replaces: this.#stored?.version, ttlSeconds: TTL_SECONDS };
    const result = await this.#inTime(this.#handler.write(this.#key, data, options));
    this.#see(result.written ? { data, version: result.version } : result.current);
  }

  async #end(): Promise<void> {
    const result = await this.#inTime(this.#handler.destroy(this.#key, { replaces: this.#stored?.version }));
    this.#see(result.destroyed ? undefined : result.current);
  }

  #see(stored: StoredSession | undefined): void {
    const roster = stored === undefined ? [] : decodeRoster(stored.data);
    if (roster === undefined) throw new Error("Something else is stored in the place of the roster.");
    if (stored?.version !== this.#stored?.version) this.#changedAt = this.#clock.monotonic();
    this.#stored = stored;
    this.#roster = roster;
  }

  async #inTime<T>(answer: Promise<T>): Promise<T> {
    const askedAt = this.#clock.monotonic();
    const result = await new Promise<T>((resolve, reject) => {
      const giveUp = () => reject(timeoutError("The roster", MAX_ANSWER_MS));
      const cancelTimer = scheduleDeadline(this.#clock, giveUp, MAX_ANSWER_MS);
      answer.then(resolve, reject).then(cancelTimer);
    });
    this.#answerMs = this.#clock.monotonic() - askedAt;
    return result;
  }
}
