import type { RunningCall } from "../../backend/call.ts";
import { type Presence, QueuedTask } from "../../backend/queued-task.ts";
import type { Outcome } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { WorkingCopy } from "../changes/working-copy.ts";
import { goneError } from "../failures.ts";
import type { Snapshot } from "../storage/snapshot.ts";

export type CommitResult = { readonly value: unknown } | { readonly error: unknown };

/** The result of a commit on one content. */
export interface CommitRun {
  readonly result: CommitResult;
  /** The reason why there was nothing to run it on. */
  readonly absence?: "ended" | "moved" | undefined;
}

/** Changes to be made on the session as stored by then, and the caller that waits for them. */
export abstract class PendingCommit extends QueuedTask {
  readonly isShared = true;
  readonly call: RunningCall;
  result: CommitResult | undefined;
  /** The latest run. */
  lastRun: CommitRun | undefined;
  /** The snapshot that the latest attempt would have replaced. */
  base: Snapshot | undefined;
  /** The snapshot that its owner has seen, if any. */
  readonly seen: Snapshot | undefined = undefined;
  /**
   * The content with which an absent session begins; `undefined`: an absent session is gone, and nothing brings it
   * back.
   */
  readonly beginning: SessionRecord | undefined = undefined;

  constructor(call: RunningCall, presence?: Presence) {
    super(presence);
    this.call = call;
  }

  /** `true` if the changes are idempotent. */
  get isRepeatable(): boolean {
    return false;
  }

  /** The number of its own {@link tokens}; 0: it shares one with others. */
  get tokenCount(): number {
    return 0;
  }

  /** The tokens that the write leaves in the record, so that a caller whose reply was lost can determine the outcome. */
  get tokens(): readonly string[] {
    return [];
  }

  /** Makes the changes. It may run again, on newer content, and fails alone if it throws. */
  abstract run(content: WorkingCopy, base: Snapshot): unknown;

  /** Called when it has been applied, with the snapshot after it. */
  applied(_snapshot: Snapshot): void {}

  /** Called when there is nothing to apply it to: the session has ended, or continues under another key. */
  gone(_hasMoved: boolean): void {}

  /** Called when its outcome is unknown, with the snapshot that it would have replaced. */
  unacknowledged(_base: Snapshot): void {}

  /** `true` while a caller waits for it. */
  get isOpen(): boolean {
    return !this.isSettled && !this.call.ended;
  }

  /** Returns the result of the run that was stored, or throws its error. It must be settled. */
  get value(): unknown {
    const result = this.result as CommitResult; // it is settled
    if ("error" in result) throw result.error;
    return result.value;
  }

  /** Gives it up for a caller that has left or is stuck. Returns `true` if it may have been applied. */
  withdraw(errorOf: (outcome: Outcome) => unknown): boolean {
    const mayBeApplied = this.call.sent && this.base !== undefined;
    if (this.isSettled) return false;
    if (mayBeApplied && this.base) this.unacknowledged(this.base);
    this.settleWith({ error: errorOf(mayBeApplied ? "unknown" : "not-applied") });
    return mayBeApplied;
  }

  settleWith(result: CommitResult): void {
    if (this.isSettled) return;
    this.result = result;
    this.settle();
  }

  /** Settles with the result of a run that matches what is stored now. */
  settleBy({ result, absence }: CommitRun, snapshot: Snapshot): void {
    if (absence && !this.isSettled) this.gone(absence === "moved");
    if ("value" in result) this.applied(snapshot);
    this.settleWith(result);
  }
}

/** Returns the content with all changes. If there are several commits, each runs on its own savepoint. */
export function runAll(
  commits: readonly PendingCommit[],
  base: Snapshot,
  queue: { attemptWith(commit: PendingCommit): unknown },
): WorkingCopy | undefined {
  const record = base.stored?.record;
  const isAlone = commits.length === 1;
  let content = record && new WorkingCopy(record);
  for (const commit of commits) {
    const absence = absenceOf(record, commit);
    try {
      if (absence) throw goneError(queue.attemptWith(commit) ? "unknown" : "not-applied");
      content ??= new WorkingCopy(commit.beginning as SessionRecord); // without a beginning, the session would be gone
      const savepoint = isAlone ? content : new WorkingCopy(content);
      commit.lastRun = { result: { value: commit.run(savepoint, base) } };
      if (!isAlone) savepoint.applyTo(content);
    } catch (error) {
      commit.lastRun = { result: { error }, absence };
      if (isAlone) return undefined;
    }
  }
  return content;
}

function absenceOf(record: SessionRecord | undefined, { beginning }: PendingCommit): CommitRun["absence"] {
  if (record === undefined) return beginning === undefined ? "ended" : undefined;
  return record.forward ? "moved" : undefined;
}
