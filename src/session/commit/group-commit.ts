import { attempt } from "../../backend/call.ts";
import type { ExclusiveTask } from "../../backend/queued-task.ts";
import type { Turn } from "../../backend/turn.ts";
import { fillInOutcome, replaceOutcome } from "../../errors.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import { hasUnknownOutcome, isLostConnection, isOfData, tooManyConflicts } from "../failures.ts";
import type { RecordStore } from "../storage/record-store.ts";
import type { RecordWriteResult, Snapshot } from "../storage/snapshot.ts";
import { withTokens } from "../storage/tokens.ts";
import { Attempt } from "./attempt.ts";
import type { KeyQueue } from "./key-queue.ts";
import { type PendingCommit, runAll } from "./pending-commit.ts";
import type { ProcessTurns } from "./process-turns.ts";

/** The parts that all groups of a manager share. */
export interface GroupParts {
  readonly records: RecordStore;
  readonly turns: ProcessTurns;
  readonly maxConflicts: number;
}

/** Number of conflicts in a row after which a manager requests its turn. */
const CONFLICTS_BEFORE_TURN = 2;

/**
 * Applies commits to the stored session: by one write, repeated on the current state whenever another writer was
 * faster. The result of a run (a refusal, or no change) only holds if the state that it saw was current after the
 * commit came: the write shows that, or else one more read.
 *
 * It proceeds in steps that each wait for the store. If the turn is given up in the meantime, the group does nothing
 * more than settle the commits that have been applied.
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

  /** Takes the first step; {@link GroupCommit.goOn} takes the following ones. */
  start(): Promise<void> | undefined {
    this.#takeOver();
    return this.goOn();
  }

  /**
   * Takes a step. Resolves when the next one can be taken; returns `undefined` if all commits are settled or the turn
   * was given up.
   */
  goOn(): Promise<void> | undefined {
    try {
      const step = this.#isDone || this.#turn.isOver ? undefined : this.#step();
      if (step) return step;
    } catch (error) {
      this.#fail(error);
    }
    if (!this.#turn.isOver) this.#cleanUp();
    return undefined;
  }

  #step(): Promise<void> | undefined {
    const queue = this.#queue;
    if (this.#wasRefused && this.#countConflict()) return this.#takeTurn();
    const base = queue.snapshot;
    if (base === undefined) return this.#look().catch((error) => this.#fail(error));
    this.#decide(base);
    const commits = this.#commits.filter(({ isOpen }) => isOpen);
    if (commits.length === 0) return undefined;
    const content = runAll(commits, base, queue);
    if (content?.isChanged) return this.#write(content, base, commits);
    if (this.#isFresh) {
      settleAll(commits, base);
      return undefined;
    }
    queue.snapshot = undefined;
    return this.#step();
  }

  #write(content: WorkingCopy, base: Snapshot, commits: readonly PendingCommit[]): Promise<void> {
    const tokens = this.#tokensOf(commits);
    const begun = this.#begin(base, tokens, commits);
    return attempt(() => {
      const record = content.toRecord(withTokens(base.stored?.record.tokens ?? [], tokens));
      return this.#parts.records.write(this.#queue.key, record, base.stored);
    }).then(
      (ending) => this.#answered(begun, ending),
      (error) => this.#failed(error, begun, commits),
    );
  }

  /** Treats writes that a caller has left unfinished as unknown: they may have been applied, or may still be. */
  #takeOver(): void {
    const queue = this.#queue;
    for (const { seen } of this.#commits) if (seen) queue.see(seen);
    if (queue.attempts.length === 0) return;
    for (const attempt of queue.attempts) attempt.markUnacknowledged();
    queue.snapshot = undefined;
  }

  async #look(): Promise<void> {
    try {
      const snapshot = await this.#parts.records.read(this.#queue.key, false);
      this.#queue.see(snapshot);
      this.#isFresh = true;
    } finally {
      this.#turn.progress();
    }
  }

  /** Determines the fate of the attempts. A commit that could count twice fails if its fate can no longer be determined. */
  #decide(base: Snapshot): void {
    const queue = this.#queue;
    for (const attempt of [...queue.attempts]) {
      const outcome = attempt.outcomeIn(base, this.#parts.records.format);
      if (outcome === "applied") attempt.settle(base);
      else if (outcome === "undecidable" && !attempt.isRepeatable) attempt.reject();
      else if (outcome !== "refused") continue;
      queue.forget(attempt);
    }
    for (const commit of this.#commits) commit.call.sent = queue.attemptWith(commit) !== undefined;
  }

  #begin(base: Snapshot, tokens: readonly string[], commits: readonly PendingCommit[]): Attempt {
    const attempt = new Attempt(base, tokens, commits);
    this.#queue.attempts.push(attempt);
    for (const { call } of commits) call.sent = true;
    return attempt;
  }

  #answered(attempt: Attempt, { isWritten, snapshot }: RecordWriteResult): void {
    this.#turn.progress();
    this.#queue.forget(attempt);
    this.#queue.see(snapshot);
    this.#isFresh = true;
    if (isWritten) attempt.settle(snapshot);
    this.#isDone = isWritten;
    this.#wasRefused = !isWritten;
  }

  async #failed(error: unknown, attempt: Attempt, commits: readonly PendingCommit[]): Promise<void> {
    this.#turn.progress();
    if (hasUnknownOutcome(error)) attempt.error = error;
    else this.#queue.forget(attempt);
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

  #fail(error: unknown): void {
    this.#isDone = true;
    if (this.#turn.isOver) return;
    this.#queue.snapshot = undefined;
    for (const commit of this.#commits) commit.settleWith({ error: errorOf(commit, error, this.#queue) });
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

  /** Returns `true` after enough conflicts in a row that a turn should be taken. */
  #countConflict(): boolean {
    this.#wasRefused = false;
    this.#conflicts += 1;
    if (this.#conflicts > this.#parts.maxConflicts) throw tooManyConflicts(this.#conflicts);
    return this.#conflicts % CONFLICTS_BEFORE_TURN === 0;
  }

  /** Waits in line with the other managers that change the session; writers that know of no turns may still be faster. */
  async #takeTurn(): Promise<void> {
    await this.#queue.takeTurn(this.#parts.turns, true);
    this.#turn.progress();
  }

  /**
   * Returns the tokens of only those commits whose changes are included: a commit that finds its token counts as
   * stored.
   */
  #tokensOf(commits: readonly PendingCommit[]): readonly string[] {
    if (!this.#parts.records.format.storesTokens) return [];
    let tokens: readonly string[] = [];
    for (const commit of commits) {
      if (!commit.lastRun || "error" in commit.lastRun.result) continue;
      const own = commit.tokens;
      const added = own.length === 0 ? [this.#sharedToken()] : own;
      for (const token of added) if (!tokens.includes(token)) tokens = [...tokens, token];
    }
    return tokens;
  }

  #sharedToken(): string {
    this.#token ??= this.#parts.records.createToken();
    return this.#token;
  }

  async #eachAlone(commits: readonly PendingCommit[]): Promise<void> {
    for (const commit of commits) {
      if (this.#turn.isOver) return;
      commit.call.sent = false;
      const group = new GroupCommit([commit], this.#queue, this.#turn, this.#parts);
      for (let step = group.start(); step; step = group.goOn()) await step;
      this.#turn.release();
    }
  }

  #cleanUp(): void {
    for (const commit of this.#commits) if (commit.call.ended) commit.settleWith({ error: commit.call.reason });
    for (const attempt of [...this.#queue.attempts]) if (!attempt.isAwaited) this.#queue.forget(attempt);
  }
}

function settleAll(commits: readonly PendingCommit[], snapshot: Snapshot): void {
  for (const commit of commits) if (commit.lastRun) commit.settleBy(commit.lastRun, snapshot);
}

/** Returns the error for a commit: its outcome is unknown if it was sent, otherwise it was not applied. */
function errorOf(commit: PendingCommit, error: unknown, queue: KeyQueue): unknown {
  const attempt = queue.attemptWith(commit);
  return attempt ? (attempt.error ?? replaceOutcome(error, "unknown")) : fillInOutcome(error, "not-applied");
}
