import { attempt } from "../../backend/call.ts";
import type { ExclusiveTask } from "../../backend/queued-task.ts";
import type { Turn } from "../../backend/turn.ts";
import { fillInOutcome, replaceOutcome } from "../../errors.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import { isInDoubt, isLostConnection, isOfData, tooManyConflicts } from "../failures.ts";
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

/** Conflicts in a row after which a manager asks for its turn. */
const CONFLICTS_BEFORE_TURN = 2;

/**
 * Applies commits to what is stored: by one write, made again on what is there now as often as somebody was
 * faster. What a run decides (a refusal, or that there is nothing to change) holds only when what it saw was there after the
 * commit had come: the write tells, or else one more read.
 *
 * It is made in steps, between which the store is waited for. When the turn is given up meanwhile, nothing more is done for the
 * commits but to settle those that have been applied.
 */
export class GroupCommit {
  readonly #commits: readonly PendingCommit[];
  readonly #queue: KeyQueue;
  readonly #turn: Turn<PendingCommit | ExclusiveTask>;
  readonly #parts: GroupParts;
  /** Shared by the commits that have no token of their own. */
  #token: string | undefined;
  #conflicts = 0;
  /** Whether what was seen was there after the commits had come. */
  #isFresh = false;
  #hasDoubted = false;
  /** `true`: the latest write was not made, because somebody was faster. */
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

  /** Takes the first step, as {@link GroupCommit.goOn} takes those that follow. */
  start(): Promise<void> | undefined {
    this.#takeOver();
    return this.goOn();
  }

  /** Takes a step. Resolves when it is time for the next one; `undefined`: all are settled, or the turn has been given up. */
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

  /** Makes doubtful what somebody has left in the middle of a write: it may have been applied, or may still be. */
  #takeOver(): void {
    const queue = this.#queue;
    for (const { seen } of this.#commits) if (seen) queue.see(seen);
    if (queue.attempts.length === 0) return;
    for (const attempt of queue.attempts) attempt.doubt();
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

  /** Finds out what has become of the attempts. Whoever might count twice goes no further when nobody can tell any more. */
  #decide(base: Snapshot): void {
    const queue = this.#queue;
    for (const attempt of [...queue.attempts]) {
      const fate = attempt.fateIn(base, this.#parts.records.format);
      if (fate === "applied") attempt.settle(base);
      else if (fate === "undecidable" && !attempt.isRepeatable) attempt.reject();
      else if (fate !== "refused") continue;
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
    if (isInDoubt(error)) attempt.error = error;
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

  /** Looks once what has become of a write whose reply was lost; or throws. */
  async #lookAfter(error: unknown, attempt: Attempt): Promise<void> {
    if (!isInDoubt(error)) throw error;
    attempt.doubt();
    // Where there is nothing after a creation, it may still happen, or the session may have been ended since.
    if (this.#hasDoubted || attempt.base.stored === undefined || !isLostConnection(error)) throw error;
    this.#hasDoubted = true;
    await this.#look().catch(() => Promise.reject(error));
  }

  /** Returns `true` when there have been so many in a row that a turn is to be taken. */
  #countConflict(): boolean {
    this.#wasRefused = false;
    this.#conflicts += 1;
    if (this.#conflicts > this.#parts.maxConflicts) throw tooManyConflicts(this.#conflicts);
    return this.#conflicts % CONFLICTS_BEFORE_TURN === 0;
  }

  /** Stands in line with the other managers that change the session; writers that know of no turns may still be faster. */
  async #takeTurn(): Promise<void> {
    await this.#queue.takeTurn(this.#parts.turns, true);
    this.#turn.progress();
  }

  /** Only of those whose changes are in it: who finds his token takes them for stored. */
  #tokensOf(commits: readonly PendingCommit[]): readonly string[] {
    if (!this.#parts.records.format.keepsTokens) return [];
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

/** Of a commit that has been sent, nobody knows what has become; others have not been applied. */
function errorOf(commit: PendingCommit, error: unknown, queue: KeyQueue): unknown {
  const attempt = queue.attemptWith(commit);
  return attempt ? (attempt.error ?? replaceOutcome(error, "unknown")) : fillInOutcome(error, "not-applied");
}
