import type { RunningCall } from "../backend/call.ts";
import type { ExclusiveTask } from "../backend/queued-task.ts";
import type { Turn } from "../backend/turn.ts";
import type { TurnQueue } from "../backend/turn-queue.ts";
import { fillInOutcome, replaceOutcome, type SessionError } from "../errors.ts";
import type { SessionFormat } from "../formats/format.ts";
import type { Forward, SessionRecord } from "../formats/record.ts";
import type { SessionCalls } from "./calls.ts";
import type { Change } from "./changes/change.ts";
import { applySets, ChangeLog, type ChangeSet } from "./changes/change-log.ts";
import { WorkingCopy } from "./changes/working-copy.ts";
import type { CommitQueue } from "./commit/commit-queue.ts";
import type { PendingCommit } from "./commit/pending-commit.ts";
import { SaveCommit, type SaveTarget } from "./commit/save-commit.ts";
import { type DraftTarget, readOnlyError } from "./draft.ts";
import type { SessionEvents } from "./events.ts";
import { goneError, isGone, isInDoubt, OversizeError } from "./failures.ts";
import type { ReadOnlyViews } from "./read-only-views.ts";
import type { RecordStore } from "./storage/record-store.ts";
import { type Rekey, rekey } from "./storage/rekey.ts";
import type { Snapshot, StoredRecord } from "./storage/snapshot.ts";
import { withTokens } from "./storage/tokens.ts";

/** What all sessions of a manager share. */
export interface SessionContext {
  readonly records: RecordStore;
  readonly calls: SessionCalls;
  readonly commits: CommitQueue;
  readonly events: SessionEvents;
  readonly maxConflicts: number;
}

/** The id of a session, and the key that it is stored under. */
export interface SessionLocation {
  readonly id: string;
  readonly key: string;
  /** What led here, and until when. */
  readonly forward?: Forward | undefined;
}

/**
 * The way in which a session is known to have ended: `gone`, without a trace; `moved`, to another id, where it can still be ended; or
 * `destroyed` by its owner.
 */
type End = "gone" | "moved" | "destroyed";

/** The snapshot of a session, the changes since, and how the two come together in the store. */
export class SessionState implements DraftTarget, SaveTarget {
  readonly log: ChangeLog;
  readonly #context: SessionContext;
  #location: SessionLocation;
  #snapshot: Snapshot;
  /** The snapshot with the changes laid over it; without any, made when it is looked at. */
  #content: WorkingCopy | undefined;
  #end: End | undefined;
  /** The content of a session that is not stored yet. */
  #beginning: SessionRecord | undefined;
  /** The keys under which it may have been created, or may still be. */
  #abandoned: Set<string> | undefined;
  /** Whether it may have been created under an id that cannot be given up. */
  #creationUnknown = false;
  #tooLarge: TooLarge | undefined;
  #turns: TurnQueue | undefined;
  #turn: Turn<ExclusiveTask> | undefined;
  /** The commit that a save has brought on its way and has not ended. */
  #unfinished: { readonly key: string; readonly commit: PendingCommit } | undefined;

  constructor(context: SessionContext, location: SessionLocation, snapshot: Snapshot | undefined) {
    this.log = new ChangeLog(context.records.createToken);
    this.#context = context;
    this.#location = location;
    this.#snapshot = snapshot ?? neverStored;
    if (snapshot === undefined) this.#beginning = context.records.create();
  }

  get content(): WorkingCopy {
    this.#content ??= new WorkingCopy(this.#base);
    return this.#content;
  }

  get id(): string {
    return this.#location.id;
  }

  get format(): SessionFormat {
    return this.#context.records.format;
  }

  get views(): ReadOnlyViews {
    return this.#context.records.views;
  }

  get maxBytes(): number {
    return this.#context.records.maxBytes;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  get isReadOnly(): boolean {
    return this.#location.forward !== undefined;
  }

  get isNew(): boolean {
    return this.#snapshot.stored === undefined && !this.hasEnded && !this.#creationUnknown;
  }

  /** An id in its grace time leads to the session until that ends. */
  get ttlSeconds(): number {
    if (this.#isOver) return 0;
    const { records } = this.#context;
    const secondsLeft = records.times.secondsLeft(this.#base);
    const { forward } = this.#location;
    const ofForward = forward ? Math.ceil((forward.until - records.times.now()) / 1000) : secondsLeft;
    return Math.max(0, Math.min(secondsLeft, ofForward));
  }

  perform(change: Change): void {
    change.apply(this.content);
    this.log.add(change);
  }

  /** Runs when all that came before has ended or was given up, unless it has been given up itself by then. */
  inTurn(call: RunningCall, run: (call: RunningCall) => Promise<void>): Promise<void> {
    this.#turns ??= this.#context.commits.createTurns();
    return this.#turns.alone((turn) => {
      if (this.#unfinished === undefined) return this.#begin(turn, call, run);
      return this.#giveUp(this.#unfinished).then(() => this.#begin(turn, call, run));
    });
  }

  #begin(turn: Turn<ExclusiveTask>, call: RunningCall, run: (call: RunningCall) => Promise<void>): Promise<void> {
    this.#turn = turn;
    return call.ended ? Promise.resolve() : run(call);
  }

  /** What has been changed since the save was called is for the next one. */
  save(due: readonly ChangeSet[], call: RunningCall): Promise<void> {
    return this.#saveOldest(due, call, false) ?? Promise.resolve();
  }

  /** Saves as many sets as may go into one write, and then the others; `undefined` when there are none. */
  #saveOldest(due: readonly ChangeSet[], call: RunningCall, isPartlyStored: boolean): Promise<void> | undefined {
    const sets = this.log.oldestOf(due);
    if (sets.length === 0) return undefined;
    const { isNew } = this;
    const location = this.#location;
    const commit = this.#commitOf(sets, call);
    return this.#settle(commit, location.key).then(
      () => {
        this.#stored(commit, location);
        return this.#saveOldest(due, call, true);
      },
      async (error) => {
        this.#refused(commit, error);
        if (isNew && isInDoubt(error)) await this.#abandon(location.key);
        throw isPartlyStored ? replaceOutcome(error, "unknown") : error; // a part of it is stored
      },
    );
  }

  #settle(commit: SaveCommit, key: string): Promise<unknown> {
    if (this.hasEnded) return Promise.reject(goneError());
    this.#unfinished = { key, commit };
    return this.#context.commits.settle(key, commit);
  }

  async refresh(signal: AbortSignal | undefined): Promise<void> {
    if (this.isNew) return;
    if (this.#isOver) throw this.foundGone();
    const snapshot = await this.#context.records.read(this.#location.key, true, signal);
    if (snapshot.stored === undefined) throw this.foundGone();
    if (snapshot.stored.record.forward) throw this.foundGone(true);
    this.#see(snapshot);
  }

  discard(): void {
    this.log.clear();
    this.#see(this.#snapshot);
  }

  /** Needs no turn where nothing is under way and nothing would be sent. */
  touch(signal: AbortSignal | undefined, call: RunningCall): Promise<void> {
    const isAtRest = this.#unfinished === undefined && this.#turns?.isIdle !== false;
    if (isAtRest && !this.#isOver && this.#context.records.isJustTouched(this.#location.key, this.#base)) {
      return Promise.resolve();
    }
    return this.inTurn(call, () => this.#touch(signal, call));
  }

  async #touch(signal: AbortSignal | undefined, call: RunningCall): Promise<void> {
    if (this.isNew) return;
    const { records } = this.#context;
    call.sent = true;
    if (this.#isOver || !(await records.touch(this.#location.key, this.#base, signal))) throw this.foundGone();
  }

  async regenerate(graceSeconds: number, call: RunningCall): Promise<void> {
    if (this.isReadOnly) throw readOnlyError();
    if (this.hasEnded) throw goneError();
    if (this.#creationUnknown) {
      await this.refresh(undefined).catch((error) => Promise.reject(fillInOutcome(error, "not-applied")));
    }
    const { records, commits, events, maxConflicts } = this.#context;
    const location = await this.#newLocation();
    const previous = this.#location;
    if (this.isNew) {
      this.#location = location;
      return this.save(this.log.all(), call);
    }
    const sets = this.log.all();
    const plan: Rekey = {
      from: previous.key,
      to: location.key,
      until: graceSeconds > 0 ? records.times.now() + graceSeconds * 1000 : undefined,
      maxConflicts,
      copyOf: (record, snapshot) => {
        const content = new WorkingCopy(record);
        applySets(sets, content, snapshot, this.format);
        const tokens = [...sets.map(({ token }) => token), records.createToken()];
        return content.toRecord(this.format.keepsTokens ? withTokens(record.tokens, tokens) : []);
      },
    };
    this.#abandoned ??= new Set();
    this.#abandoned.add(location.key); // it may be there from now on
    try {
      const moved = await commits.alone(previous.key, () => rekey(records, plan, this.#snapshot, call));
      this.#abandoned?.delete(location.key);
      this.#location = location;
      this.log.forget(sets);
      if (moved.stored === undefined) this.#end = "gone";
      this.#see(moved);
    } catch (error) {
      if (isGone(error)) this.foundGone();
      if (isGone(error) || !isInDoubt(error)) this.#abandoned?.delete(location.key);
      throw error;
    }
    events.emit({ type: "regenerated", ...location, previousId: previous.id, previousKey: previous.key });
  }

  async destroy(call: RunningCall): Promise<void> {
    const { commits, events, records } = this.#context;
    const { id, key, forward } = this.#location;
    // What was found to be gone may have moved.
    const mayBeThere = !this.isNew && this.#end !== "destroyed";
    const isNews = mayBeThere && (this.#end === undefined || this.#end === "moved");
    const keys = mayBeThere ? [...(this.#abandoned ?? []), forward?.key ?? key] : [...(this.#abandoned ?? [])];
    call.sent = keys.length > 0;
    let hasEnded = false;
    for (const each of new Set(keys)) {
      await commits
        .alone(each, () => records.end(each))
        .catch((error) => Promise.reject(hasEnded ? replaceOutcome(error, "unknown") : error));
      hasEnded = true;
    }
    this.#abandoned = undefined;
    this.#end = "destroyed";
    if (isNews) events.emit({ type: "ended", id, key, reason: "destroyed" });
  }

  /** Makes this an empty new session. */
  async begin(): Promise<void> {
    this.#location = await this.#newLocation();
    this.#beginning = this.#context.records.create();
    this.#end = undefined;
    this.#creationUnknown = false;
    this.log.clear();
    this.#see(neverStored);
  }

  /** The changes of a caller that has left, or is stuck, must not be made beside those of the next one. */
  async #giveUp({ key, commit }: { readonly key: string; readonly commit: PendingCommit }): Promise<void> {
    this.#unfinished = undefined;
    if (this.#context.commits.withdraw(commit) && this.isNew) await this.#abandon(key);
  }

  async #newLocation(): Promise<{ readonly id: string; readonly key: string }> {
    const id = this.format.createId();
    return { id, key: await this.format.keyOf(id) };
  }

  get #isOver(): boolean {
    const { forward } = this.#location;
    return this.hasEnded || (forward !== undefined && forward.until <= this.#context.records.times.now());
  }

  get #base(): SessionRecord {
    const { stored } = this.#snapshot;
    if (stored) return stored.record;
    this.#beginning ??= this.#context.records.create();
    return this.#beginning;
  }

  #commitOf(sets: readonly ChangeSet[], call: RunningCall): SaveCommit {
    const seen = this.#creationUnknown ? undefined : this.#snapshot;
    const beginning = this.isNew ? this.#context.records.create() : undefined;
    return new SaveCommit(this, sets, { seen, beginning }, call, this.#turn);
  }

  #stored(commit: SaveCommit, { id, key }: SessionLocation): void {
    const { events } = this.#context;
    this.#finish(commit);
    if (this.hasEnded) events.emit({ type: "ended", id, key, reason: "destroyed" });
    else if (commit.latest?.stored === undefined) events.emit({ type: "created", id, key });
  }

  #refused(commit: SaveCommit, error: unknown): void {
    this.#finish(commit);
    if (!(error instanceof OversizeError) || commit.latest === undefined) return;
    this.#tooLarge = { sets: commit.sets, base: commit.latest.stored, error };
  }

  #finish(commit: SaveCommit): void {
    if (this.#unfinished?.commit === commit) this.#unfinished = undefined;
  }

  saved(sets: readonly ChangeSet[], snapshot: Snapshot): void {
    this.log.forget(sets);
    if (snapshot.stored === undefined) this.#end ??= "gone";
    this.#see(snapshot);
  }

  /** What was too large over just this is so again, and is not encoded once more to find out. */
  refuseKnown(sets: readonly ChangeSet[], { stored }: Snapshot): void {
    if (this.#tooLarge === undefined || this.#tooLarge.base?.version !== stored?.version) return;
    if (sets.length === this.#tooLarge.sets.length && sets.every((set) => this.#tooLarge?.sets.includes(set))) {
      throw this.#tooLarge.error;
    }
  }

  /**
   * It may be created there yet, when it has been destroyed long since. So it goes on under another id; or where that was
   * chosen elsewhere, with what is found there, if anything is.
   */
  async #abandon(key: string): Promise<void> {
    if (key !== this.#location.key) return; // that has been done
    this.#abandoned ??= new Set();
    this.#abandoned.add(key);
    this.#creationUnknown = this.format.adoptsIds;
    if (this.#creationUnknown) return;
    this.#location = await this.#newLocation();
    for (const set of this.log.all()) set.endDoubt();
  }

  foundGone(hasMoved = false): SessionError {
    const { id, key, forward } = this.#location;
    // The session itself goes on when a grace time ends, and when it has moved.
    if (!this.hasEnded && !hasMoved && !forward) this.#context.events.emit({ type: "ended", id, key, reason: "gone" });
    if (hasMoved && this.#end !== "destroyed") this.#end = "moved";
    this.#end ??= "gone";
    return goneError();
  }

  #see(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#creationUnknown &&= snapshot.stored === undefined;
    this.log.look(snapshot, this.format);
    this.#content = undefined;
    if (!this.log.isEmpty) this.log.show(this.content, snapshot, this.format);
  }
}

/** Changes that were too large to be stored over a snapshot. */
interface TooLarge {
  readonly sets: readonly ChangeSet[];
  readonly base: StoredRecord | undefined;
  readonly error: OversizeError;
}

/** Older than anything that was seen. */
const neverStored: Snapshot = { stored: undefined, order: 0 };
