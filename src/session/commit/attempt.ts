import type { SessionError } from "../../errors.ts";
import type { SessionFormat } from "../../formats/format.ts";
import { undecidable } from "../failures.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import { isDecidable } from "../storage/tokens.ts";
import type { CommitRun } from "./commit.ts";
import type { PendingCommit } from "./pending-commit.ts";

/** The fate of an attempt: `open` if it may still be applied, `undecidable` if it can no longer be determined. */
export type AttemptOutcome = "applied" | "open" | "refused" | "undecidable";

/** A write that was sent and not answered. */
export class Attempt {
  /** The snapshot that it replaces. */
  readonly base: Snapshot;
  /** The reason why there will be no answer. */
  error: SessionError | undefined;
  readonly #tokens: readonly string[];
  /** Its commits, which may run again before its fate is known, each with its run in this attempt. */
  readonly #runs = new Map<PendingCommit, CommitRun | undefined>();

  constructor(base: Snapshot, tokens: readonly string[], commits: readonly PendingCommit[]) {
    this.base = base;
    this.#tokens = tokens;
    for (const commit of commits) {
      commit.base = base;
      commit.call.sent = true;
      this.#runs.set(commit, commit.lastRun);
    }
  }

  has(commit: PendingCommit): boolean {
    return this.#runs.has(commit);
  }

  /** `true` if a caller still waits for it. */
  get isAwaited(): boolean {
    return [...this.#runs.keys()].some(({ isOpen }) => isOpen);
  }

  /**
   * `true` if it may be repeated although it may have been applied. A creation may not, because the session may have
   * been ended since.
   */
  get isRepeatable(): boolean {
    return (
      this.base.stored !== undefined &&
      [...this.#runs.keys()].every(({ isOpen, isRepeatable }) => !isOpen || isRepeatable)
    );
  }

  /** Determines the fate from what is stored now. */
  outcomeIn(now: Snapshot, format: SessionFormat): AttemptOutcome {
    const stored = now.stored?.record.tokens;
    // All tokens: an earlier attempt that arrives late may have brought some of them.
    if (this.#tokens.length > 0 && this.#tokens.every((token) => stored?.includes(token))) return "applied";
    if (this.base.stored === undefined && now.stored === undefined) return "undecidable";
    if (!isDecidable(this.base, now, format)) return "undecidable";
    return now.stored?.version === this.base.stored?.version ? "open" : "refused";
  }

  /** Settles all its commits. */
  settle(snapshot: Snapshot): void {
    for (const [commit, run] of this.#runs) if (run) commit.settleBy(run, snapshot);
  }

  /** Rejects all its open commits, whose outcome is unknown. */
  reject(): void {
    for (const commit of this.#runs.keys()) if (commit.isOpen) commit.fail(this.error ?? undecidable());
  }

  markUnacknowledged(): void {
    for (const commit of this.#runs.keys()) commit.markUnacknowledged(this.base);
  }
}
