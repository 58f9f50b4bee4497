import type { ExclusiveTask } from "../../backend/queued-task.ts";
import type { Turn } from "../../backend/turn.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import type { SessionWrites } from "../events/session-writes.ts";
import { hasUnknownOutcome, isLostConnection, isOfData, tooManyConflicts } from "../failures.ts";
import type { RecordStore } from "../storage/record-store.ts";
import type { RecordWriteResult, Snapshot } from "../storage/snapshot.ts";
import { withTokens } from "../storage/tokens.ts";
import type { Attempt } from "./attempts.ts";
import type { KeyQueue } from "./key-queue.ts";
import type { PendingCommit } from "./pending-commit.ts";
import type { ProcessTurns } from "./process-turns.ts";
import { runAll } from "./run-all.ts";

/** The parts that all groups of a manager share. */
export interface GroupParts {
  readonly records: RecordStore;
  readonly turns: ProcessTurns;
  readonly writes: SessionWrites;
  readonly maxConflicts: number;
}

/** Number of conflicts in a row after which a manager requests its turn. */
const CONFLICTS_BEFORE_TURN = 2;

/**
 * Applies commits to the stored session: by one write, repeated on the current state whenever another writer was
 * faster. The result of a run (a refusal, or no change) only holds if the state that it saw was current after the
 * commit came: the write shows that, or else one more read.
 */
export class GroupCommit {
  readonly #commits: readonly PendingCommit[];
  readonly #queue: KeyQueue;
  readonly #turn: Turn<PendingCommit | ExclusiveTask>;
  readonly #parts: GroupParts;
  /** Shared by the commits that have no token of their own. */
  #token: string | undefined;
  #conflicts = 0;
  /** `true` if the snapshot was current after the commits came. */
  #isFresh = false;
  #hasLookedAgain = false;
  /** `true` if the latest write was refused because another writer was faster. */
  #wasRefused = false;
  #isDone = false;

  constructor(
    commits: readonly PendingCommit[],
    queue: KeyQueue,
    turn: Turn<PendingCommit | ExclusiveTask>,
    parts: GroupParts,
  ) {
    this.#commits = commits;
    this.#queue = queue;
    this.#turn = turn;
    this.#parts = parts;
  }

  /**
   * Takes one step after the other, each of which waits for the store and never rejects. If the turn is given up in the
   * meantime, the group does nothing more than settle the commits that have been applied.
   */
  *steps(): Generator<Promise<void>, void> {
    const queue = this.#queue;
    for (const { commit } of this.#commits) if (commit.seen) queue.see(commit.seen);
    if (queue.attempts.markUnacknowledged()) queue.snapshot = undefined;
    try {
      while (!this.#isDone && !this.#turn.isOver) {
        this.#turn.progress();
        if (this.#wasRefused && this.#countConflict()) {
          yield queue.takeTurn(this.#parts.turns, true); // writers that know of no turns may still be faster
          continue;
        }
        const base = queue.snapshot;
        if (base === undefined) {
          yield this.#look().catch((error) => this.#fail(error));
          continue;
        }
        queue.attempts.decide(base, this.#parts.records.format);
        const commits = this.#commits.filter(({ isOpen }) => isOpen);
        if (commits.length === 0) break;
        const content = runAll(commits, base, queue.attempts);
        if (content?.isChanged) yield this.#write(content, base, commits);
        else if (this.#isFresh) this.#settle(commits, base);
        else queue.snapshot = undefined;
      }
    } catch (error) {
      this.#fail(error);
    }
    if (this.#turn.isOver) return;
    for (const commit of this.#commits) if (commit.call.ended) commit.fail(commit.call.reason);
    queue.attempts.forgetAbandoned();
  }

  async #look(): Promise<void> {
    this.#queue.see(await this.#parts.records.read(this.#queue.key, false));
    this.#isFresh = true;
  }

  #write(content: WorkingCopy, base: Snapshot, commits: readonly PendingCommit[]): Promise<void> {
    const { records } = this.#parts;
    const tokens = records.format.storesTokens ? this.#tokensOf(commits) : [];
    const attempt = this.#queue.attempts.begin(base, tokens, commits);
    const record = content.toRecord(withTokens(base.stored?.record.tokens ?? [], tokens));
    let writing: Promise<RecordWriteResult>;
    try {
      writing = records.write(this.#queue.key, record, base.stored);
    } catch (error) {
      return this.#failed(error, attempt, commits);
    }
    return writing.then(
      (result) => this.#answered(attempt, result),
      (error) => this.#failed(error, attempt, commits),
    );
  }

  /**
   * Returns the tokens of only those commits whose changes are included: a commit that finds its token counts as
   * stored.
   */
  #tokensOf(commits: readonly PendingCommit[]): readonly string[] {
    const tokens = new Set<string>();
    for (const { commit, lastRun } of commits) {
      if (lastRun?.kind !== "made") continue;
      for (const { token } of commit.sets) tokens.add(token);
      if (commit.sets.length > 0) continue;
      this.#token ??= this.#parts.records.createToken();
      tokens.add(this.#token);
    }
    return [...tokens];
  }

  #answered(attempt: Attempt, { isWritten, snapshot }: RecordWriteResult): void {
    this.#queue.see(snapshot);
    this.#isFresh = true;
    if (isWritten) attempt.settle(snapshot);
    this.#queue.attempts.forget(attempt);
    this.#isDone = isWritten;
    this.#wasRefused = !isWritten;
    if (isWritten && this.#parts.writes.listeners.size > 0) this.#report(attempt);
  }

  #report({ commits }: Attempt): void {
    const made = commits.filter(({ result }) => result?.kind === "applied");
    this.#parts.writes.report(this.#queue.key, made.length, this.#conflicts);
  }

  async #failed(error: unknown, attempt: Attempt, commits: readonly PendingCommit[]): Promise<void> {
    this.#turn.progress();
    if (hasUnknownOutcome(error)) attempt.error = error;
    else this.#queue.attempts.forget(attempt);
    if (this.#turn.isOver) return;
    try {
      if (isOfData(error) && commits.length > 1) {
        await this.#eachAlone(commits);
        this.#isDone = true;
      } else {
        await this.#lookAfter(error, attempt);
        this.#wasRefused = true;
      }
    } catch (failure) {
      this.#fail(failure);
    }
  }

  /** Reads once to determine the fate of a write whose reply was lost, or throws. */
  async #lookAfter(error: unknown, attempt: Attempt): Promise<void> {
    if (!hasUnknownOutcome(error)) throw error;
    attempt.markUnacknowledged();
    // If nothing is stored after a creation, it may still happen, or the session may have been ended since.
    if (this.#hasLookedAgain || attempt.base.stored === undefined || !isLostConnection(error)) throw error;
    this.#hasLookedAgain = true;
    await this.#look().catch(() => Promise.reject(error));
  }

  async #eachAlone(commits: readonly PendingCommit[]): Promise<void> {
    for (const commit of commits) {
      if (this.#turn.isOver) return;
      const group = new GroupCommit([commit], this.#queue, this.#turn, this.#parts);
      for (const step of group.steps()) await step;
      this.#turn.release();
    }
  }

  /** Returns `true` after enough conflicts in a row that a turn should be taken. */
  #countConflict(): boolean {
    this.#wasRefused = false;
    this.#conflicts += 1;
    if (this.#conflicts > this.#parts.maxConflicts) throw tooManyConflicts(this.#conflicts);
    return this.#conflicts % CONFLICTS_BEFORE_TURN === 0;
  }

  #settle(commits: readonly PendingCommit[], base: Snapshot): void {
    for (const commit of commits) if (commit.lastRun) commit.settleBy(commit.lastRun, base);
    this.#isDone = true;
  }

  #fail(error: unknown): void {
    this.#isDone = true;
    if (this.#turn.isOver) return;
    this.#queue.snapshot = undefined;
    for (const commit of this.#commits) commit.fail(this.#queue.attempts.errorOf(commit, error));
  }
}
