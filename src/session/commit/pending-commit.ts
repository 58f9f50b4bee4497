import type { RunningCall } from "../../backend/call.ts";
import { timeoutError } from "../../backend/call-errors.ts";
import { type ExclusiveTask, QueuedTask } from "../../backend/queued-task.ts";
import type { Turn } from "../../backend/turn.ts";
import { MAX_STEP_MS } from "../session-calls.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import type { Commit, CommitResult, CommitRun } from "./commit.ts";

/** A commit, and the caller that waits for it. */
export class PendingCommit extends QueuedTask {
  readonly isShared = true;
  readonly commit: Commit;
  readonly call: RunningCall;
  /** The latest run. */
  lastRun: CommitRun | undefined;
  /** The snapshot that the latest attempt would have replaced. */
  base: Snapshot | undefined;
  result: CommitResult | undefined;
  /** `true` if an attempt may have applied it. */
  isSent = false;
  /** `true` if the call has changed the session before: an earlier part of its save is stored. */
  readonly isRest: boolean;
  readonly #outerTurn: Turn<ExclusiveTask> | undefined;

  /** Takes `outerTurn`, the turn in which the caller waits for the commit. */
  constructor(commit: Commit, call: RunningCall, outerTurn?: Turn<ExclusiveTask>) {
    super(outerTurn?.presence);
    this.commit = commit;
    this.call = call;
    this.isRest = call.sent;
    this.#outerTurn = outerTurn;
  }

  /** `true` if the changes are idempotent. */
  get isRepeatable(): boolean {
    const { sets } = this.commit;
    return sets.length > 0 && sets.every(({ isRepeatable }) => isRepeatable);
  }

  /** `true` while a caller waits for it. */
  get isOpen(): boolean {
    return !this.isSettled && !this.call.ended;
  }

  override stillWaits(): void {
    this.#outerTurn?.progress();
  }

  /** Records that an attempt over this snapshot may have been applied. */
  markUnacknowledged(base: Snapshot): void {
    for (const set of this.commit.sets) set.markUnacknowledged(base);
  }

  /** Gives it up for a caller that has left or is stuck, unless it has a result. */
  withdraw(): CommitResult {
    if (this.result) return this.result;
    const attempted = this.isSent ? this.base : undefined;
    if (attempted) this.markUnacknowledged(attempted);
    return this.fail(timeoutError("The store", MAX_STEP_MS, attempted ? "unknown" : "not-applied"));
  }

  /** Settles with an error, unless it has a result. */
  fail(error: unknown): CommitResult {
    if (this.result) return this.result;
    this.result = { kind: "failed", base: this.lastRun?.base, error };
    this.settle();
    return this.result;
  }

  /**
   * Settles with a run that holds. If it was applied after it was withdrawn, that is the result after all. The first
   * such result stays: a later one has an older snapshot, of a write that was answered late.
   */
  settleBy(run: CommitRun, snapshot: Snapshot): void {
    const isSettled = this.isSettled;
    if (this.result?.kind === "applied") return;
    if (run.kind === "made") this.result = { kind: "applied", value: run.value, base: run.base, snapshot };
    else this.result ??= run;
    if (!isSettled) this.settle();
  }
}
