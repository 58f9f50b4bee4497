import { RunningCall } from "../../backend/call.ts";
import { closedError, timeoutError } from "../../backend/call-errors.ts";
import { RunningCalls } from "../../backend/running-calls.ts";
import { TurnQueue } from "../../backend/turn-queue.ts";
import { type Clock, scheduleDeadline } from "../../clock.ts";
import type { CancelSource } from "../../handler.ts";
import type { RecordStore } from "../storage/record-store.ts";
import { type CommitRequest, type CommitResult, PendingCommit } from "./commit-request.ts";
import { commitTogether } from "./group-commit.ts";
import { KeyQueue, MAX_STEP_MS } from "./key-queue.ts";

/** What was seen of a session is kept for so long at most. It need not be true any more: a write tells. */
const SEEN_FOR_MS = 1000;
/** Of so many sessions at most, so that a million of them in a second do not fill the memory. */
const MAX_SEEN = 1000;

/**
 * Brings changes into the store, one write at a time for each session: whatever waits meanwhile goes into the next write
 * together, in call order. Each write is made by one of the callers that wait for it.
 */
export class CommitQueue {
  readonly #records: RecordStore;
  readonly #clock: Clock;
  readonly #maxConflicts: number;
  readonly #queues = new Map<string, KeyQueue>();
  readonly #calls: RunningCalls;
  #running = 0;
  #ended = 0;
  readonly #whenIdle = new Set<() => void>();
  #isClosed = false;
  #cancelSweep: (() => void) | undefined;
  #sweepAt = 0;

  constructor(records: RecordStore, clock: Clock, maxConflicts: number) {
    this.#records = records;
    this.#clock = clock;
    this.#maxConflicts = maxConflicts;
    this.#calls = new RunningCalls({ name: "The session", clock, timeoutMs: undefined });
  }

  /** Makes something that a signal can give up: it rejects at once, and what is under way goes on to its end. */
  async call<T>(cancellation: CancelSource | undefined, body: (call: RunningCall) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw closedError("The session manager", "not-applied");
    if (cancellation === undefined) return this.#counted(body(new RunningCall()));
    const result = await this.#calls.run<CommitResult<T>>(true, cancellation, (call) =>
      this.#counted(body(call)).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }), // as it is: it may be the application's own
      ),
    );
    if ("error" in result) throw result.error;
    return result.value;
  }

  /** Resolves with what the last run of the request returned, once that is what is stored. */
  async submit<T>(key: string, request: CommitRequest<T>, call: RunningCall): Promise<T> {
    const result = await this.settle(key, new PendingCommit(request, call));
    if ("error" in result) throw result.error;
    return result.value as T; // of a run of this request
  }

  /** Resolves with what has become of the commit. */
  async settle(key: string, commit: PendingCommit): Promise<CommitResult<unknown>> {
    const queue = this.#queueOf(key);
    await queue.run(commit, async (turn) => {
      await undefined; // all that comes in the same turn of the microtasks goes together
      const parts = { key, queue, turn, records: this.#records, maxConflicts: this.#maxConflicts };
      await commitTogether(queue.begin(turn), parts);
    });
    this.#keep(key, queue);
    return commit.result as CommitResult<unknown>; // it is settled
  }

  /** Runs when nothing else is under way for this session. */
  async alone<T>(key: string, run: () => Promise<T>): Promise<T> {
    const queue = this.#queueOf(key);
    try {
      return await queue.alone(() => {
        queue.snapshot = undefined;
        return run();
      });
    } finally {
      this.#keep(key, queue);
    }
  }

  /** Gives up a commit whose caller has left or is stuck. Answers whether it may have been applied. */
  withdraw(commit: PendingCommit): boolean {
    return commit.withdraw((outcome) => timeoutError("The store", MAX_STEP_MS, outcome));
  }

  /** A queue for what is to go one after the other elsewhere. */
  createTurns(): TurnQueue {
    return new TurnQueue(this.#clock, MAX_STEP_MS);
  }

  /** Takes nothing new. Resolves when all that was under way has ended, or when nothing of it has ended for too long. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (let ended = -1; this.#running > 0 && ended !== this.#ended; ) {
      ended = this.#ended;
      await this.#idle();
    }
    this.#cancelSweep?.();
  }

  /** As a number and not by their promises: those whose callers have left never settle, and would stay. */
  async #counted<T>(running: Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await running;
    } finally {
      this.#running -= 1;
      this.#ended += 1;
      if (this.#running === 0) for (const resolve of this.#whenIdle) resolve();
    }
  }

  /** Resolves when nothing is under way, or some time has passed. */
  async #idle(): Promise<void> {
    let cancelTimer = () => {};
    await new Promise<void>((resolve) => {
      cancelTimer = scheduleDeadline(this.#clock, resolve, MAX_STEP_MS);
      this.#whenIdle.add(resolve);
    });
    cancelTimer();
  }

  #queueOf(key: string): KeyQueue {
    // The timer may have gone with the request that has set it.
    if (this.#cancelSweep && this.#clock.monotonic() >= this.#sweepAt) this.#sweep();
    const known = this.#queues.get(key);
    if (known) return known;
    const queue = new KeyQueue(this.#clock);
    this.#queues.set(key, queue);
    return queue;
  }

  /** What was seen is kept for a moment: whoever goes on with the same session need not read it first. */
  #keep(key: string, queue: KeyQueue): void {
    if (this.#queues.size > MAX_SEEN && queue.isIdle) this.#queues.delete(key);
    if (this.#isClosed || this.#cancelSweep) return;
    this.#sweepAt = this.#clock.monotonic() + SEEN_FOR_MS;
    this.#cancelSweep = this.#clock.schedule(() => this.#sweep(), SEEN_FOR_MS);
  }

  #sweep(): void {
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
    for (const [key, queue] of this.#queues) if (queue.isIdle) this.#queues.delete(key);
  }
}
