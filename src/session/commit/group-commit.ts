import type { ExclusiveTask } from "../../backend/queued-task.ts";
import type { Turn } from "../../backend/turn.ts";
import { fillInOutcome, replaceOutcome } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { WorkingCopy } from "../changes/working-copy.ts";
import { goneError, isInDoubt, isLostConnection, isOfData, tooManyConflicts } from "../failures.ts";
import type { RecordStore, Snapshot } from "../storage/record-store.ts";
import { withTokens } from "../storage/tokens.ts";
import { Attempt } from "./attempt.ts";
import type { CommitRequest, CommitRun, PendingCommit } from "./commit-request.ts";
import type { KeyQueue } from "./key-queue.ts";

/** Where a group of commits is made. */
export interface GroupParts {
  readonly key: string;
  readonly queue: KeyQueue;
  readonly turn: Turn<PendingCommit | ExclusiveTask>;
  readonly records: RecordStore;
  readonly maxConflicts: number;
}

/**
 * Applies what the commits want to what is stored: by one write, made again on what is there now as often as somebody was
 * faster. What a run decides (a refusal, or that there is nothing to change) holds only when what it saw was there after the
 * commit had come: the write tells, or else one more read.
 *
 * When the turn is given up meanwhile, nothing more is done for them but to settle those that have been applied.
 */
export async function commitTogether(commits: readonly PendingCommit[], parts: GroupParts): Promise<void> {
  const { queue, turn } = parts;
  try {
    await new GroupCommit(commits, parts).commit();
  } catch (error) {
    if (turn.isOver) return;
    queue.snapshot = undefined;
    for (const commit of commits) commit.settleWith({ error: errorOf(commit, error, queue) });
  }
  if (turn.isOver) return;
  for (const commit of commits) if (commit.call.ended) commit.settleWith({ error: commit.call.reason });
  for (const attempt of queue.attempts) if (!attempt.isAwaited) queue.attempts.delete(attempt);
}

class GroupCommit {
  readonly #commits: readonly PendingCommit[];
  readonly #parts: GroupParts;
  /** Shared by the commits that have no token of their own. */
  readonly #token: string;
  #conflicts = 0;
  /** Whether what was seen was there after the commits had come. */
  #isFresh = false;
  #hasDoubted = false;

  constructor(commits: readonly PendingCommit[], parts: GroupParts) {
    this.#commits = commits;
    this.#parts = parts;
    this.#token = parts.records.createToken();
  }

  async commit(): Promise<void> {
    const { queue, turn } = this.#parts;
    for (const { request } of this.#commits) if (request.seen) queue.see(request.seen);
    this.#takeOver();
    for (;;) {
      const base = queue.snapshot ?? (await this.#look());
      if (turn.isOver) return;
      this.#decide(base);
      const commits = this.#commits.filter(({ isOpen }) => isOpen);
      if (commits.length === 0) return;
      const content = runAll(commits, base, queue);
      if (content?.isChanged) {
        if (await this.#write(content, base, commits)) return;
      } else {
        if (this.#isFresh) return settleAll(commits, base);
        queue.snapshot = undefined;
      }
    }
  }

  /** What somebody has left in the middle of a write may have been applied, or may still be. */
  #takeOver(): void {
    const { attempts } = this.#parts.queue;
    for (const attempt of attempts) attempt.doubt();
    if (attempts.size > 0) this.#parts.queue.snapshot = undefined;
  }

  async #look(): Promise<Snapshot> {
    const { key, queue, records } = this.#parts;
    const snapshot = await this.#step(records.read(key, false));
    queue.see(snapshot);
    this.#isFresh = true;
    return snapshot;
  }

  async #step<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } finally {
      this.#parts.turn.progress();
    }
  }

  /** Finds out what has become of the attempts. Whoever might count twice goes no further when nobody can tell any more. */
  #decide(base: Snapshot): void {
    const { queue, records } = this.#parts;
    for (const attempt of queue.attempts) {
      const fate = attempt.fateIn(base, records.format);
      if (fate === "applied") attempt.settle(base);
      else if (fate === "undecidable" && !attempt.isRepeatable) attempt.reject();
      else if (fate !== "refused") continue;
      queue.attempts.delete(attempt);
    }
    for (const commit of this.#commits) commit.call.sent = queue.isInDoubt(commit);
  }

  /** `true` when nothing is left to be done; else the snapshot says what there is to go on with. */
  async #write(content: WorkingCopy, base: Snapshot, commits: readonly PendingCommit[]): Promise<boolean> {
    const { key, queue, records, turn } = this.#parts;
    const tokens = this.#tokensOf(commits);
    const record = content.toRecord(withTokens(base.stored?.record.tokens ?? [], tokens));
    const attempt = new Attempt(base, tokens, commits);
    queue.attempts.add(attempt);
    for (const { call } of commits) call.sent = true;
    try {
      const { isWritten, snapshot } = await this.#step(records.write(key, record, base.stored));
      queue.attempts.delete(attempt);
      queue.see(snapshot);
      this.#isFresh = true;
      if (isWritten) attempt.settle(snapshot);
      if (isWritten || turn.isOver) return true;
    } catch (error) {
      if (isInDoubt(error)) attempt.error = error;
      else queue.attempts.delete(attempt);
      if (turn.isOver) return true;
      if (isOfData(error) && commits.length > 1) {
        await this.#eachAlone(commits);
        return true;
      }
      await this.#lookAfter(error, attempt);
    }
    this.#conflicts += 1;
    if (this.#conflicts > this.#parts.maxConflicts) throw tooManyConflicts(this.#conflicts);
    return false;
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

  /** Only of those whose changes are in it: who finds his token takes them for stored. */
  #tokensOf(commits: readonly PendingCommit[]): string[] {
    if (!this.#parts.records.format.keepsTokens) return [];
    const tokens = commits
      .filter(({ lastRun }) => lastRun && "value" in lastRun.result)
      .flatMap(({ request }) => (request.tokens().length > 0 ? request.tokens() : this.#token));
    return [...new Set(tokens)];
  }

  async #eachAlone(commits: readonly PendingCommit[]): Promise<void> {
    for (const commit of commits) {
      if (this.#parts.turn.isOver) return;
      commit.call.sent = false;
      await commitTogether([commit], this.#parts);
      this.#parts.turn.release();
    }
  }
}

/** The content with all changes. Each commit works on a savepoint of its own. */
function runAll(commits: readonly PendingCommit[], base: Snapshot, queue: KeyQueue): WorkingCopy | undefined {
  const record = base.stored?.record;
  let content = record && new WorkingCopy(record);
  for (const commit of commits) {
    const { request } = commit;
    const absence = absenceOf(record, request);
    try {
      if (absence) throw goneError(queue.isInDoubt(commit) ? "unknown" : "not-applied");
      content ??= new WorkingCopy(request.beginning as SessionRecord); // it has one, or it would be gone
      const savepoint = new WorkingCopy(content);
      commit.lastRun = { result: { value: request.run(savepoint, base) } };
      savepoint.applyTo(content);
    } catch (error) {
      commit.lastRun = { result: { error }, absence };
    }
  }
  return content;
}

function absenceOf(record: SessionRecord | undefined, { beginning }: CommitRequest<unknown>): CommitRun["absence"] {
  if (record === undefined) return beginning === undefined ? "ended" : undefined;
  return record.forward ? "moved" : undefined;
}

function settleAll(commits: readonly PendingCommit[], snapshot: Snapshot): void {
  for (const commit of commits) if (commit.lastRun) commit.settleBy(commit.lastRun, snapshot);
}

/** Of a commit that has been sent, nobody knows what has become; others have not been applied. */
function errorOf(commit: PendingCommit, error: unknown, { attempts }: KeyQueue): unknown {
  const attempt = [...attempts].find((sent) => sent.has(commit));
  return attempt ? (attempt.error ?? replaceOutcome(error, "unknown")) : fillInOutcome(error, "not-applied");
}
