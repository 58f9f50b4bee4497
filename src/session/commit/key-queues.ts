import type { Clock } from "../../clock.ts";
import { KeyQueue } from "./key-queue.ts";

/** The time for which a queue is kept for its snapshot, which may be stale: the conditional write detects that. */
const KEPT_MS = 1000;
/** Maximum number of them, so that a million sessions in a second do not fill the memory. */
const MAX_KEPT = 1000;

/** The queues of the sessions that are changed now, or have been a moment ago: who goes on with one need not read it first. */
export class KeyQueues {
  readonly #clock: Clock;
  readonly #queues = new Map<string, KeyQueue>();
  #isClosed = false;
  #cancelSweep: (() => void) | undefined;
  #sweepAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(key: string): KeyQueue {
    // The timer may have gone with the request that has set it.
    if (this.#cancelSweep && this.#clock.monotonic() >= this.#sweepAt) this.#sweep();
    const known = this.#queues.get(key);
    if (known) return known;
    const queue = new KeyQueue(key, this.#clock);
    this.#queues.set(key, queue);
    return queue;
  }

  /** Called when a queue has been used. */
  keep(queue: KeyQueue): void {
    if (this.#queues.size > MAX_KEPT && queue.isIdle) this.#queues.delete(queue.key);
    if (this.#isClosed || this.#cancelSweep) return;
    this.#sweepAt = this.#clock.monotonic() + KEPT_MS;
    this.#cancelSweep = this.#clock.schedule(() => this.#sweep(), KEPT_MS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelSweep?.();
    await Promise.all(Array.from(this.#queues.values(), ({ processTurn }) => processTurn?.leave()));
  }

  #sweep(): void {
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
    for (const [key, queue] of this.#queues) if (queue.isIdle) this.#queues.delete(key);
  }
}
