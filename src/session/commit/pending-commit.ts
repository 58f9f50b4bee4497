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
  /** Why there was nothing to run it on. */
  readonly absence?: "ended" | "moved" | undefined;
}

/** Changes to be made of a session, on whatever is stored by then, and the caller that waits for them. */
export abstract class PendingCommit extends QueuedTask {
  readonly isShared = true;
  readonly call: RunningCall;
  result: CommitResult | undefined;
  /** The latest one. */
  lastRun: CommitRun | undefined;
  /** The snapshot that the latest attempt with it would have replaced. */
  base: Snapshot | undefined;
  /** The snapshot that its owner has seen, if any. */
  readonly seen: Snapshot | undefined = undefined;
  /** The content of a session that is absent; `undefined`: then it is gone, and nothing brings it back. */
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

  /** Left in the record by the write, so that a caller whose reply was lost can find out. */
  get tokens(): readonly string[] {
    return [];
  }

  /** Makes the changes. It may run again, on fresher content, and fails alone when it throws. */
  abstract run(content: WorkingCopy, base: Snapshot): unknown;

  /** Called when it has been applied, with what is stored since. */
  applied(_snapshot: Snapshot): void {}

  /** Called when there is nothing to apply it to: the session has ended, or goes on under another key. */
  gone(_hasMoved: boolean): void {}

  /** Called when nobody knows whether it has been applied, with what it would have replaced. */
  doubted(_base: Snapshot): void {}

  /** `true` while somebody waits for it. */
  get isOpen(): boolean {
    return !this.isSettled && !this.call.ended;
  }

  /** Returns what the run that counts has returned, or throws what has become of it instead. It must be settled. */
  get value(): unknown {
    const result = this.result as CommitResult; // it is settled
    if ("error" in result) throw result.error;
    return result.value;
  }

  /** Gives it up for a caller that has left or is stuck. Answers whether it may have been applied. */
  withdraw(errorOf: (outcome: Outcome) => unknown): boolean {
    const isInDoubt = this.call.sent && this.base !== undefined;
    if (this.isSettled) return false;
    if (isInDoubt && this.base) this.doubted(this.base);
    this.settleWith({ error: errorOf(isInDoubt ? "unknown" : "not-applied") });
    return isInDoubt;
  }

  settleWith(result: CommitResult): void {
    if (this.isSettled) return;
    this.result = result;
    this.settle();
  }

  /** Settles with the result of a run, which is what is stored by now. */
  settleBy({ result, absence }: CommitRun, snapshot: Snapshot): void {
    if (absence && !this.isSettled) this.gone(absence === "moved");
    if ("value" in result) this.applied(snapshot);
    this.settleWith(result);
  }
}

/** The content with all changes. Of several commits, each works on a savepoint of its own. */
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
      content ??= new WorkingCopy(commit.beginning as SessionRecord); // it has one, or it would be gone
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
