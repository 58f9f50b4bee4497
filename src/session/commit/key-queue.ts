import type { ExclusiveTask } from "../../backend/queued-task.ts";
import type { Turn } from "../../backend/turn.ts";
import { TurnQueue } from "../../backend/turn-queue.ts";
import type { Clock } from "../../clock.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import type { Attempt } from "./attempt.ts";
import { PendingCommit } from "./pending-commit.ts";
import type { ProcessTurn } from "./process-turn.ts";
import type { ProcessTurns } from "./process-turns.ts";

/** Maximum number of commits per write. */
const MAX_TOGETHER = 256;
/** Maximum number of tokens per write, so that those of the write before are still in the record. */
const MAX_TOKENS_TOGETHER = 8;
/**
 * Maximum time for which others wait for a single reply of the store to a caller that is there. It is longer than the
 * deadline of a call on any handler of this package with its connection check and default options (6 s).
 */
export const MAX_STEP_MS = 10_000;
/**
 * The time for which a queue is kept for its snapshot, in milliseconds. It may be stale; the conditional write detects
 * that.
 */
const KEPT_MS = 1000;
/** Maximum number of kept queues, so that a million sessions in a second do not fill the memory. */
const MAX_KEPT = 1000;

/** The commits of one session in this process. */
export class KeyQueue extends TurnQueue<PendingCommit> {
  readonly key: string;
  /** The newest snapshot; `undefined`: there is none to build on. */
  snapshot: Snapshot | undefined;
  /** The unanswered writes, including those of callers that have left. */
  readonly attempts: Attempt[] = [];
  /** Set while this manager takes turns with others. */
  processTurn: ProcessTurn | undefined;

  constructor(key: string, clock: Clock) {
    super(clock, MAX_STEP_MS);
    this.key = key;
  }

  /** Returns the attempt that may have applied the commit. */
  attemptWith(commit: PendingCommit): Attempt | undefined {
    return this.attempts.length === 0 ? undefined : this.attempts.find((attempt) => attempt.has(commit));
  }

  /** Forgets an attempt whose fate is known, or for which nobody waits. */
  forget(attempt: Attempt): void {
    const index = this.attempts.indexOf(attempt);
    if (index >= 0) this.attempts.splice(index, 1);
  }

  see(snapshot: Snapshot): void {
    if (this.snapshot === undefined || snapshot.order > this.snapshot.order) this.snapshot = snapshot;
  }

  /** Waits for this manager's turn among those that change the session, unless no roster is possible. */
  async takeTurn(turns: ProcessTurns, isContested = false): Promise<void> {
    this.processTurn ??= turns.of(this.key);
    try {
      if (await this.processTurn?.take(isContested)) this.snapshot = undefined;
    } catch (error) {
      this.processTurn = undefined;
      this.snapshot = undefined;
      turns.switchOff(error);
    }
  }

  /** Leaves the turns to other managers, unless more commits follow within a moment. */
  leaveTurns(): void {
    this.processTurn?.leaveSoon(() => {
      this.processTurn = undefined;
    });
  }

  /** Begins a turn with the commits that are combined. */
  begin(turn: Turn<PendingCommit | ExclusiveTask>): readonly PendingCommit[] {
    const commits = this.take(this.#together()) as PendingCommit[]; // there are no other tasks among them
    turn.begin(commits);
    return commits;
  }

  #together(): number {
    const most = Math.min(this.waiting.length, MAX_TOGETHER);
    let tokens = 0;
    for (let count = 0; count < most; count += 1) {
      const task = this.waiting[count];
      if (!(task instanceof PendingCommit)) return count;
      tokens += task.tokenCount;
      if (tokens > MAX_TOKENS_TOGETHER && count > 0) return count;
    }
    return most;
  }
}

/** The queues of sessions that are being or were just changed: the next change need not read the session first. */
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
    // The timer may have ended with the request that set it.
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
