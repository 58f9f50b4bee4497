import type { RunningCall } from "../../backend/call.ts";
import { QueuedTask } from "../../backend/queued-task.ts";
import type { Outcome } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import type { Snapshot } from "../storage/record-store.ts";

/** What is to be made of a session, on whatever is stored by then. */
export interface CommitRequest<T> {
  /** What its owner has seen of the session, if anything. */
  readonly seen: Snapshot | undefined;
  /** What a session begins with that is absent; `undefined`: then it is gone, and nothing brings it back. */
  readonly beginning: SessionRecord | undefined;
  /** Whether making it twice comes to the same as making it once, and last. */
  readonly isRepeatable: boolean;
  /** Left in the record by the write, so that whoever is in doubt can find out. */
  tokens(): readonly string[];
  /** Makes the changes. It may run again, on fresher content, and fails alone when it throws. */
  run(content: WorkingCopy, base: Snapshot): T;
  /** Called now and then on the way. */
  progressed?(): void;
  /** Called when it has been applied, with what is stored since. */
  applied?(snapshot: Snapshot): void;
  /** Called when there is nothing to apply it to: the session has ended, or goes on under another key. */
  gone?(hasMoved: boolean): void;
  /** Called when nobody knows whether it has been applied, with what it would have replaced. */
  doubted?(base: Snapshot): void;
}

export type CommitResult<T> = { readonly value: T } | { readonly error: unknown };

/** What a request came to on one content. */
export interface CommitRun {
  readonly result: CommitResult<unknown>;
  /** Why there was nothing to run it on. */
  readonly absence?: "ended" | "moved" | undefined;
}

/** A request on its way, and the caller that waits for it. */
export class PendingCommit extends QueuedTask {
  readonly isShared = true;
  readonly request: CommitRequest<unknown>;
  readonly call: RunningCall;
  result: CommitResult<unknown> | undefined;
  /** The latest one. */
  lastRun: CommitRun | undefined;
  /** What the latest attempt with it would have replaced. */
  base: Snapshot | undefined;

  constructor(request: CommitRequest<unknown>, call: RunningCall) {
    super();
    this.request = request;
    this.call = call;
  }

  /** Whether anybody still waits for it. */
  get isOpen(): boolean {
    return !this.isSettled && !this.call.ended;
  }

  override stillWaits(): void {
    this.request.progressed?.();
  }

  /** Gives it up for a caller that has left or is stuck. Answers whether it may have been applied. */
  withdraw(errorOf: (outcome: Outcome) => unknown): boolean {
    const isInDoubt = this.call.sent && this.base !== undefined;
    if (this.isSettled) return false;
    if (isInDoubt && this.base) this.request.doubted?.(this.base);
    this.settleWith({ error: errorOf(isInDoubt ? "unknown" : "not-applied") });
    return isInDoubt;
  }

  settleWith(result: CommitResult<unknown>): void {
    if (this.isSettled) return;
    this.result = result;
    this.settle();
  }

  /** Settles with what a run came to, which is what is stored by now. */
  settleBy({ result, absence }: CommitRun, snapshot: Snapshot): void {
    if (absence && !this.isSettled) this.request.gone?.(absence === "moved");
    if ("value" in result) this.request.applied?.(snapshot);
    this.settleWith(result);
  }
}
