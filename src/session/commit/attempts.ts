import { fillInOutcome, replaceOutcome, type SessionError } from "../../errors.ts";
import type { SessionFormat } from "../../formats/format.ts";
import { undecidable } from "../failures.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import { isDecidable } from "../storage/tokens.ts";
import type { CommitRun } from "./commit.ts";
import type { PendingCommit } from "./pending-commit.ts";

/** The unanswered writes of a session, including those of callers that have left. */
export class Attempts {
  readonly #attempts = new Set<Attempt>();

  begin(base: Snapshot, tokens: readonly string[], commits: readonly PendingCommit[]): Attempt {
    const attempt = new Attempt(base, tokens, commits);
    this.#attempts.add(attempt);
    return attempt;
  }

  /** Returns the attempt that may have applied the commit. */
  with(commit: PendingCommit): Attempt | undefined {
    for (const attempt of this.#attempts) if (attempt.has(commit)) return attempt;
    return undefined;
  }

  /** Forgets an attempt whose fate is known. */
  forget(attempt: Attempt): void {
    this.#attempts.delete(attempt);
    for (const commit of attempt.commits) {
      if (commit.isSettled) continue;
      commit.isSent = this.with(commit) !== undefined;
      commit.call.sent = commit.isSent || commit.isRest;
    }
  }

  /** Forgets the attempts for which nobody waits. */
  forgetAbandoned(): void {
    for (const attempt of this.#attempts) if (!attempt.isAwaited) this.#attempts.delete(attempt);
  }

  /** Treats the attempts as unknown: they may have been applied, or may still be. Returns `true` if there are any. */
  markUnacknowledged(): boolean {
    for (const attempt of this.#attempts) attempt.markUnacknowledged();
    return this.#attempts.size > 0;
  }

  /**
   * Determines the fate of the attempts from what is stored now. A commit that could count twice fails if its fate can
   * no longer be determined.
   */
  decide(now: Snapshot, format: SessionFormat): void {
    for (const attempt of this.#attempts) {
      const outcome = attempt.outcomeIn(now, format);
      if (outcome === "applied") attempt.settle(now);
      else if (outcome === "undecidable" && !attempt.isRepeatable) attempt.reject();
      else if (outcome !== "refused") continue;
      this.forget(attempt);
    }
  }

  /** Returns the error for a commit: its outcome is unknown if it was sent, otherwise it was not applied. */
  errorOf(commit: PendingCommit, error: unknown): unknown {
    const attempt = this.with(commit);
    return attempt ? (attempt.error ?? replaceOutcome(error, "unknown")) : fillInOutcome(error, "not-applied");
  }
}

/** The fate of an attempt: `open` if it may still be applied, `undecidable` if it can no longer be determined. */
type AttemptOutcome = "applied" | "open" | "refused" | "undecidable";

/** A write that was sent and not answered. */
export class Attempt {
  /** The snapshot that it replaces. */
  readonly base: Snapshot;
  /** The reason why there will be no answer. */
  error: SessionError | undefined;
  readonly #tokens: readonly string[];
  readonly commits: readonly PendingCommit[];
  /** The runs of its commits, which may run again before its fate is known. */
  readonly #runs: readonly (CommitRun | undefined)[];

  constructor(base: Snapshot, tokens: readonly string[], commits: readonly PendingCommit[]) {
    this.base = base;
    this.commits = commits;
    this.#tokens = tokens;
    this.#runs = commits.map((commit) => {
      commit.base = base;
      commit.isSent = true;
      commit.call.sent = true;
      return commit.lastRun;
    });
  }

  has(commit: PendingCommit): boolean {
    return this.commits.includes(commit);
  }

  /** `true` if a caller still waits for it. */
  get isAwaited(): boolean {
    return this.commits.some(({ isOpen }) => isOpen);
  }

  /**
   * `true` if it may be repeated although it may have been applied. A creation may not, because the session may have
   * been ended since.
   */
  get isRepeatable(): boolean {
    return this.base.stored !== undefined && this.commits.every((commit) => !commit.isOpen || commit.isRepeatable);
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
    for (const [index, run] of this.#runs.entries()) if (run) this.commits[index]?.settleBy(run, snapshot);
  }

  /** Rejects all its open commits, whose outcome is unknown. */
  reject(): void {
    for (const commit of this.commits) if (commit.isOpen) commit.fail(this.error ?? undecidable());
  }

  markUnacknowledged(): void {
    for (const commit of this.commits) commit.markUnacknowledged(this.base);
  }
}
