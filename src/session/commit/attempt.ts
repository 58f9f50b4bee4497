import type { SessionError } from "../../errors.ts";
import type { SessionFormat } from "../../formats/format.ts";
import { undecidable } from "../failures.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import { isDecidable } from "../storage/tokens.ts";
import type { CommitRun, PendingCommit } from "./pending-commit.ts";

/** What has become of an attempt: `open` if it may still be applied, `undecidable` if nobody can tell any more. */
export type Fate = "applied" | "open" | "refused" | "undecidable";

/** A write that has been sent, and whose answer has not come. */
export class Attempt {
  /** The snapshot that it replaces. */
  readonly base: Snapshot;
  /** Why the answer will not come. */
  error: SessionError | undefined;
  readonly #tokens: readonly string[];
  readonly #commits: readonly PendingCommit[];
  readonly #runs: readonly (CommitRun | undefined)[];

  /** Keeps the results of the commits in it: they may be run again before its fate is known. */
  constructor(base: Snapshot, tokens: readonly string[], commits: readonly PendingCommit[]) {
    this.base = base;
    this.#tokens = tokens;
    this.#commits = commits;
    this.#runs = commits.map((commit) => {
      commit.base = base;
      return commit.lastRun;
    });
  }

  has(commit: PendingCommit): boolean {
    return this.#commits.includes(commit);
  }

  /** Whether anybody still waits for it. */
  get isAwaited(): boolean {
    return this.#commits.some(({ isOpen }) => isOpen);
  }

  /** Whether it may be made again although it may have been applied. After a creation, the session may have been ended since. */
  get isRepeatable(): boolean {
    return this.base.stored !== undefined && this.#commits.every((commit) => !commit.isOpen || commit.isRepeatable);
  }

  /** As far as what is stored now tells. */
  fateIn(now: Snapshot, format: SessionFormat): Fate {
    const stored = now.stored?.record.tokens;
    // All of them: an earlier attempt that arrives late has brought along some.
    if (this.#tokens.length > 0 && this.#tokens.every((token) => stored?.includes(token))) return "applied";
    if (this.base.stored === undefined && now.stored === undefined) return "undecidable";
    if (!isDecidable(this.base, now, format)) return "undecidable";
    return now.stored?.version === this.base.stored?.version ? "open" : "refused";
  }

  /** Settles all that is in it. */
  settle(snapshot: Snapshot): void {
    for (const [index, run] of this.#runs.entries()) if (run) this.#commits[index]?.settleBy(run, snapshot);
  }

  /** Tells all that is in it that nobody knows. */
  reject(): void {
    for (const commit of this.#commits) {
      if (commit.isOpen) commit.settleWith({ error: this.error ?? undecidable() });
    }
  }

  doubt(): void {
    for (const commit of this.#commits) commit.doubted(this.base);
  }
}
