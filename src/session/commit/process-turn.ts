import { type Clock, pause } from "../../clock.ts";
import type { SessionHandler } from "../../handler.ts";
import { joinLine, leaveLine, MAX_IN_LINE, overtake, passOn, type Roster } from "./roster.ts";
import { RosterRecord } from "./roster-record.ts";

/** The length of a turn while others wait. */
const SLICE_MS = 20;
/** Minimum number of commits per turn, for a distant store or a busy machine, and the maximum extra time for them. */
const MIN_COMMITS = 8;
const EXTRA_MS = 40;
/** The time to wait for more commits before leaving the line. */
const LINGER_MS = 1;
/**
 * The time, in addition to a few round trips, after which the first in line is overtaken if the roster has not changed:
 * it may have died.
 */
const STALE_MS = 80;
/** The extra patience per place in line, so that not all overtake at once. */
const STAGGER_MS = 5;
/** The time in line after which a manager commits without a turn. */
const MAX_WAIT_MS = 1000;
const MAX_TRIES = 3;

/**
 * The turns of this manager on one session that several managers are changing.
 *
 * @remarks
 * The managers wait in line on a roster: a record beside the session that lives for seconds and holds only random
 * names. A roster is advisory. The manager with the turn writes under the same condition as all others, so a roster
 * that is lost, stale, forged or ignored costs conflicts and nothing more.
 */
export class ProcessTurn {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #record: RosterRecord;
  /**
   * The time at which this manager's turn ends, provided that it has made some commits; `undefined`: it does not have
   * the turn.
   */
  #endsAt: number | undefined;
  /** The number of commits in this turn. */
  #commits = 0;
  #cancelLeave: (() => void) | undefined;

  constructor(handler: SessionHandler, clock: Clock, name: string, key: string) {
    this.#clock = clock;
    this.#name = name;
    this.#record = new RosterRecord(handler, clock, key);
  }

  /**
   * Resolves when this manager has the turn, or has waited long enough; with `true` if others may have worked in the
   * meantime. Rejects if the roster cannot be read or written.
   *
   * With `isContested`, it checks if it still has the turn that it should have.
   */
  async take(isContested: boolean): Promise<boolean> {
    this.#cancelLeave?.();
    const now = this.#clock.monotonic();
    const endsAt = this.#endOfTurn ?? now;
    const hadTurn = this.#endsAt !== undefined;
    this.#commits += 1;
    if (now < endsAt && !isContested) return false;
    if (now < endsAt || !this.#hasRivals) await this.#record.look();
    if (now < endsAt && this.#record.roster[0] === this.#name) return false;
    this.#endsAt = undefined;
    for (let tries = 0; hadTurn && this.#hasRivals && tries < MAX_TRIES; tries += 1) await this.#change(passOn);
    return this.#waitInLine(now + MAX_WAIT_MS);
  }

  /** Leaves the line unless more commits follow within a moment. Calls `left` when it does. */
  leaveSoon(left: () => void): void {
    this.#cancelLeave?.();
    this.#cancelLeave = this.#clock.schedule(() => {
      left();
      void this.leave();
    }, LINGER_MS);
  }

  /** Leaves the line. Resolves in any case: if this fails, the others overtake. */
  async leave(): Promise<void> {
    this.#cancelLeave?.();
    this.#endsAt = undefined;
    try {
      for (let tries = 0; this.#record.roster.includes(this.#name) && tries < MAX_TRIES; tries += 1) {
        if (this.#record.roster.length > 1) await this.#change(leaveLine);
        else await this.#record.remove();
      }
    } catch {}
  }

  /** `true` if it is first in line and others wait. */
  get #hasRivals(): boolean {
    return this.#record.roster[0] === this.#name && this.#record.roster.length > 1;
  }

  /** `undefined`: it does not have the turn. */
  get #endOfTurn(): number | undefined {
    const extraMs = this.#commits < MIN_COMMITS ? EXTRA_MS : 0;
    return this.#endsAt === undefined ? undefined : this.#endsAt + extraMs;
  }

  async #waitInLine(deadline: number): Promise<boolean> {
    for (let hasWaited = false; ; ) {
      const index = this.#record.roster.indexOf(this.#name);
      const now = this.#clock.monotonic();
      if (index === 0) {
        this.#endsAt = now + SLICE_MS;
        this.#commits = 1;
        return hasWaited;
      }
      if (now >= deadline || (index < 0 && this.#record.roster.length >= MAX_IN_LINE)) return true;
      if (index < 0) await this.#change(joinLine);
      else if (now - this.#record.changedAt >= this.#patienceMs(index)) await this.#change(overtake);
      else {
        hasWaited = true;
        await pause(this.#clock, this.#pauseMs(index));
        await this.#record.look();
      }
    }
  }

  /** Returns a longer time for a distant store, where the last write of a turn and passing it on each take a round trip. */
  #patienceMs(index: number): number {
    return STALE_MS + index * STAGGER_MS + 4 * this.#record.answerMs;
  }

  /** Returns a short pause for the next in line; the others have at least one turn to wait. */
  #pauseMs(index: number): number {
    return Math.max(1, this.#record.answerMs / 2, ((index - 1) * SLICE_MS) / 2);
  }

  #change(change: (roster: Roster, name: string) => Roster): Promise<void> {
    return this.#record.replace(change(this.#record.roster, this.#name));
  }
}
