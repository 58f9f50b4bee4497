import type { ExclusiveTask } from "../../backend/queued-task.ts";
import type { Turn } from "../../backend/turn.ts";
import { TurnQueue } from "../../backend/turn-queue.ts";
import type { Clock } from "../../clock.ts";
import { MAX_STEP_MS } from "../session-calls.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import { Attempts } from "./attempts.ts";
import { PendingCommit } from "./pending-commit.ts";
import type { ProcessTurn } from "./process-turn.ts";
import type { ProcessTurns } from "./process-turns.ts";

/** Maximum number of commits per write. */
const MAX_TOGETHER = 256;
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
  readonly attempts: Attempts = new Attempts();
  /** Set while this manager takes turns with others. */
  processTurn: ProcessTurn | undefined;

  constructor(key: string, clock: Clock) {
    super(clock, MAX_STEP_MS);
    this.key = key;
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

  /** Begins a turn with the commits that are combined: the first ones, with no more than `maxTokens` tokens. */
  begin(turn: Turn<PendingCommit | ExclusiveTask>, maxTokens: number): readonly PendingCommit[] {
    let tokens = 0;
    const commits: PendingCommit[] = [];
    for (const task of this.waiting) {
      if (!(task instanceof PendingCommit) || commits.length === MAX_TOGETHER) break;
      tokens += task.commit.sets.length;
      if (tokens > maxTokens && commits.length > 0) break;
      commits.push(task);
    }
    this.take(commits.length);
    turn.begin(commits);
    return commits;
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
