import { timeoutError } from "../../backend/call-errors.ts";
import { TurnQueue } from "../../backend/turn-queue.ts";
import type { Clock } from "../../clock.ts";
import { GroupCommit, type GroupParts } from "./group-commit.ts";
import { KeyQueues, MAX_STEP_MS } from "./key-queue.ts";
import type { PendingCommit } from "./pending-commit.ts";

/**
 * Stores changes, one write at a time per session: commits that wait in the meantime are combined in the next write, in
 * call order. Each write is made by one of the callers that wait for it.
 */
export class CommitQueue {
  readonly #parts: GroupParts;
  readonly #clock: Clock;
  readonly #queues: KeyQueues;
  readonly #rest = Promise.resolve();

  constructor(parts: GroupParts, clock: Clock) {
    this.#parts = parts;
    this.#clock = clock;
    this.#queues = new KeyQueues(clock);
  }

  /** Resolves with the result of the commit. */
  async settle(key: string, commit: PendingCommit): Promise<unknown> {
    const queue = this.#queues.of(key);
    queue.add(commit);
    while (!commit.isSettled) {
      const turn = queue.tryEnter(commit) ?? (await queue.enter(commit));
      if (turn === undefined) break;
      try {
        await this.#rest; // combines all commits of the same turn of the microtask queue
        if (queue.processTurn) await queue.takeTurn(this.#parts.turns);
        const group = turn.isOver ? undefined : new GroupCommit(queue.begin(turn), queue, turn, this.#parts);
        for (let step = group?.start(); step; step = group?.goOn()) await step;
      } finally {
        queue.leave(turn);
        if (queue.processTurn) queue.leaveTurns();
      }
    }
    this.#queues.keep(queue);
    return commit.value;
  }

  /** Runs when nothing else is under way for this session. */
  async alone<T>(key: string, run: () => Promise<T>): Promise<T> {
    const queue = this.#queues.of(key);
    try {
      return await queue.alone(() => {
        queue.snapshot = undefined;
        return run();
      });
    } finally {
      this.#queues.keep(queue);
    }
  }

  /** Gives up a commit whose caller has left or is stuck. Returns `true` if it may have been applied. */
  withdraw(commit: PendingCommit): boolean {
    return commit.withdraw((outcome) => timeoutError("The store", MAX_STEP_MS, outcome));
  }

  /** Creates a queue for other tasks that must run one after the other. */
  createTurns(): TurnQueue {
    return new TurnQueue(this.#clock, MAX_STEP_MS);
  }

  /** Resolves when this manager has left all rosters. */
  close(): Promise<void> {
    return this.#queues.close();
  }
}
