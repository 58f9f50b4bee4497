import type { WorkingCopy } from "./changes/working-copy.ts";
import type { CommitResult } from "./commit/commit.ts";
import { PendingCommit } from "./commit/pending-commit.ts";
import type { SessionDraft } from "./draft/session-draft.ts";
import { runUpdate } from "./draft/update.ts";
import type { SessionContext, SessionLocation } from "./session-context.ts";

/** Updates sessions by their ids. */
export class SessionUpdates {
  readonly #context: SessionContext;
  /** The sessions whose update function is running. */
  readonly #running = new Set<string>();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  refuseNested(id: string): void {
    if (this.#running.has(id)) throw new TypeError("A session cannot be updated within an update of the same session.");
  }

  /** Resolves with the result of `change` in the run that was stored. */
  run<Result>(
    location: SessionLocation,
    change: (draft: SessionDraft) => Result,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const { calls, commits } = this.#context;
    const run = (content: WorkingCopy) => this.#change(location.id, content, change);
    return calls.run(
      signal,
      (call) => commits.settle(location.key, new PendingCommit({ sets: [], run }, call)),
      (result) => this.#valueOf(result, location) as Result, // of a run of `change`
    );
  }

  #change(id: string, content: WorkingCopy, change: (draft: SessionDraft) => unknown): unknown {
    this.#running.add(id);
    try {
      return runUpdate(id, this.#context.drafts, content, change);
    } finally {
      this.#running.delete(id);
    }
  }

  #valueOf(result: CommitResult, { id, key }: SessionLocation): unknown {
    if (result.kind === "applied") return result.value;
    const hasEnded = result.kind === "gone" && !result.hasMoved;
    if (hasEnded) this.#context.events.emit({ type: "ended", id, key, reason: "gone" });
    throw result.error;
  }
}
