import { fillInOutcome, replaceOutcome } from "../../errors.ts";
import type { SessionFormat } from "../../formats/format.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import { Attempt } from "./attempt.ts";
import type { PendingCommit } from "./pending-commit.ts";

/** The unanswered writes of a session, including those of callers that have left. */
export class Attempts {
  #attempts: readonly Attempt[] = [];

  get isEmpty(): boolean {
    return this.#attempts.length === 0;
  }

  begin(base: Snapshot, tokens: readonly string[], commits: readonly PendingCommit[]): Attempt {
    const attempt = new Attempt(base, tokens, commits);
    this.#attempts = [...this.#attempts, attempt];
    return attempt;
  }

  /** Returns the attempt that may have applied the commit. */
  with(commit: PendingCommit): Attempt | undefined {
    return this.#attempts.find((attempt) => attempt.has(commit));
  }

  /** Forgets an attempt whose fate is known. */
  forget(attempt: Attempt): void {
    this.#attempts = this.#attempts.filter((each) => each !== attempt);
  }

  /** Forgets the attempts for which nobody waits. */
  forgetAbandoned(): void {
    this.#attempts = this.#attempts.filter(({ isAwaited }) => isAwaited);
  }

  markUnacknowledged(): void {
    for (const attempt of this.#attempts) attempt.markUnacknowledged();
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
