import { TurnQueue } from "../../backend/turn-queue.ts";
import type { Clock } from "../../clock.ts";
import { MAX_STEP_MS } from "../session-calls.ts";
import type { CommitResult } from "./commit.ts";
import { GroupCommit, type GroupParts } from "./group-commit.ts";
import { KeyQueues } from "./key-queue.ts";
import type { PendingCommit } from "./pending-commit.ts";

/** Maximum number of tokens per write, so that those of the write before are still in the record. */
const MAX_TOKENS_TOGETHER = 8;

/**
 * Stores changes, one write at a time per session: commits that wait in the meantime are combined in the next write, in
 * call order. Each write is made by one of the callers that wait for it.
 */
export class CommitQueue {
  readonly #parts: GroupParts;
  readonly #clock: Clock;
  readonly #queues: KeyQueues;
  readonly #maxTokens: number;
  readonly #rest = Promise.resolve();

  constructor(parts: GroupParts, clock: Clock) {
    this.#parts = parts;
    this.#clock = clock;
    this.#queues = new KeyQueues(clock);
    this.#maxTokens = parts.records.format.storesTokens ? MAX_TOKENS_TOGETHER : Infinity;
  }

  /** Resolves with the result of the commit. Never rejects. */
  async settle(key: string, commit: PendingCommit): Promise<CommitResult> {
    const queue = this.#queues.of(key);
    queue.add(commit);
    while (!commit.isSettled) {
      const turn = queue.tryEnter(commit) ?? (await queue.enter(commit));
      if (turn === undefined) break;
      try {
        await this.#rest; // combines all commits of the same turn of the microtask queue
        if (queue.processTurn) await queue.takeTurn(this.#parts.turns);
        if (turn.isOver) continue;
        const group = new GroupCommit(queue.begin(turn, this.#maxTokens), queue, turn, this.#parts);
        for (const step of group.steps()) await step;
      } finally {
        queue.leave(turn);
        if (queue.processTurn) queue.leaveTurns();
      }
    }
    this.#queues.keep(queue);
    return commit.result as CommitResult; // it is settled
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

  /** Creates a queue for other tasks that must run one after the other. */
  createTurns(): TurnQueue {
    return new TurnQueue(this.#clock, MAX_STEP_MS);
  }

  /** Resolves when this manager has left all rosters. */
  close(): Promise<void> {
    return this.#queues.close();
  }
}
