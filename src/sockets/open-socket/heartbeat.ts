import { afterTwoTurns, type Clock } from "../../clock.ts";
import type { Pulse } from "./pulse.ts";

/** Steps per turn of the wheel: a ping is late by at most a thirtieth. */
const SLOTS = 30;

/**
 * Pings peers that have been silent for `everyMs`, and drops those that stay silent for as long again. One timer serves
 * all: a timing wheel whose slots hold the sockets that are due next.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #slots: Set<Pulse>[] = Array.from({ length: SLOTS + 1 }, () => new Set());
  readonly #slotOf = new Map<Pulse, Set<Pulse>>();
  #position = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
  }

  add(pulse: Pulse): void {
    this.#put(pulse, this.#everyMs);
    this.#cancelTimer ??= this.#clock.schedule(() => this.#turn(), this.#tickMs);
  }

  remove(pulse: Pulse): void {
    this.#slotOf.get(pulse)?.delete(pulse);
    this.#slotOf.delete(pulse);
    if (this.#slotOf.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  get #tickMs(): number {
    return this.#everyMs / SLOTS;
  }

  #turn(): void {
    this.#cancelTimer = this.#clock.schedule(() => this.#turn(), this.#tickMs);
    this.#position = (this.#position + 1) % this.#slots.length;
    const due = this.#slots[this.#position] ?? [];
    for (const pulse of [...due]) this.#check(pulse);
  }

  #check(pulse: Pulse): void {
    const { isUnanswered, silentMs } = pulse;
    const isDue = silentMs >= this.#everyMs;
    this.#put(pulse, isDue ? this.#everyMs : this.#everyMs - silentMs);
    if (isUnanswered && isDue) this.#giveUp(pulse);
    else if (isDue) pulse.ping();
  }

  /** Waits for two turns of the event loop: the answer may have arrived without having been read. */
  #giveUp(pulse: Pulse): void {
    afterTwoTurns(this.#clock, () => {
      if (this.#slotOf.has(pulse) && pulse.isUnanswered) pulse.stop();
    });
  }

  #put(pulse: Pulse, dueInMs: number): void {
    const steps = Math.max(1, Math.ceil(dueInMs / this.#tickMs));
    const slot = this.#slots[(this.#position + steps) % this.#slots.length];
    if (slot === undefined) return;
    this.#slotOf.get(pulse)?.delete(pulse);
    this.#slotOf.set(pulse, slot.add(pulse));
  }
}
