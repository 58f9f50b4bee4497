import type { RunningCall } from "../backend/call.ts";
import type { ExclusiveTask } from "../backend/queued-task.ts";
import type { Turn } from "../backend/turn.ts";
import type { TurnQueue } from "../backend/turn-queue.ts";
import { fillInOutcome, replaceOutcome, type SessionError } from "../errors.ts";
import type { SessionFormat } from "../formats/format.ts";
import type { Forward, SessionRecord } from "../formats/record.ts";
import type { Version } from "../handler.ts";
import type { Change } from "./changes/change.ts";
import { applySets, ChangeLog, type ChangeSet } from "./changes/change-log.ts";
import { WorkingCopy } from "./changes/working-copy.ts";
import type { CommitQueue } from "./commit/commit-queue.ts";
import { type CommitRequest, PendingCommit } from "./commit/commit-request.ts";
import { type DraftTarget, readOnlyError } from "./draft.ts";
import type { SessionEvents } from "./events.ts";
import { goneError, isGone, isInDoubt, OversizeError } from "./failures.ts";
import type { ReadOnlyViews } from "./read-only-views.ts";
import type { RecordStore, Snapshot } from "./storage/record-store.ts";
import { type Rekey, rekey } from "./storage/rekey.ts";
import { withTokens } from "./storage/tokens.ts";

/** What all sessions of a manager share. */
export interface SessionContext {
  readonly records: RecordStore;
  readonly commits: CommitQueue;
  readonly events: SessionEvents;
  readonly maxConflicts: number;
}

/** Under which id, and so under which key, a session is. */
export interface SessionLocation {
  readonly id: string;
  readonly key: string;
  /** What led here, and until when. */
  readonly forward?: Forward | undefined;
}

/** What a session has seen, what it has changed since, and how the two come together in the store. */
export class SessionState implements DraftTarget {
  readonly log: ChangeLog;
  content: WorkingCopy;
  hasEnded = false;
  readonly #context: SessionContext;
  #place: SessionLocation;
  #snapshot: Snapshot;
  /** What the session begins with if it is not stored yet. */
  #beginning: SessionRecord | undefined;
  /** The keys under which it may have been created, or may still be. */
  readonly #abandoned = new Set<string>();
  /** Whether it may have been created under an id that cannot be given up. */
  #isInDoubt = false;
  /** Whether it goes on under another id, where it can still be ended. */
  #hasMoved = false;
  #isDestroyed = false;
  #tooLarge: TooLarge | undefined;
  #turns: TurnQueue | undefined;
  #turn: Turn<ExclusiveTask> | undefined;
  /** What a save has brought on its way and has not ended. */
  #unfinished: { readonly key: string; readonly commit: PendingCommit } | undefined;

  constructor(context: SessionContext, place: SessionLocation, snapshot: Snapshot | undefined) {
    this.log = new ChangeLog(context.records.createToken);
    this.#context = context;
    this.#place = place;
    this.#snapshot = snapshot ?? neverStored;
    this.content = new WorkingCopy(this.#base);
  }

  get id(): string {
    return this.#place.id;
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

  get isReadOnly(): boolean {
    return this.#place.forward !== undefined;
  }

  get isNew(): boolean {
    return this.#snapshot.stored === undefined && !this.hasEnded && !this.#isInDoubt;
  }

  /** An id in its grace time leads to the session until that ends. */
  get ttlSeconds(): number {
    if (this.#isOver) return 0;
    const { records } = this.#context;
    const secondsLeft = records.secondsLeft(this.#base);
    const { forward } = this.#place;
    const ofForward = forward ? Math.ceil((forward.until - records.now()) / 1000) : secondsLeft;
    return Math.max(0, Math.min(secondsLeft, ofForward));
  }

  perform(change: Change): void {
    change.apply(this.content);
    this.log.add(change);
  }

  /** Runs when all that came before has ended or was given up, unless it has been given up itself by then. */
  async inTurn(call: RunningCall, run: (call: RunningCall) => Promise<void>): Promise<void> {
    this.#turns ??= this.#context.commits.createTurns();
    await this.#turns.alone(async (turn) => {
      await this.#giveUpUnfinished();
      this.#turn = turn;
      if (!call.ended) await run(call);
    });
  }

  /** What has been changed since the save was called is for the next one. */
  async save(due: readonly ChangeSet[], call: RunningCall): Promise<void> {
    let isPartlyStored = false;
    for (let sets = this.log.oldestOf(due); sets.length > 0; sets = this.log.oldestOf(due)) {
      try {
        if (this.hasEnded) throw goneError();
        await this.#commit(sets, call);
      } catch (error) {
        throw isPartlyStored ? replaceOutcome(error, "unknown") : error; // a part of it is stored
      }
      isPartlyStored = true;
    }
  }

  async refresh(signal: AbortSignal | undefined): Promise<void> {
    if (this.isNew) return;
    if (this.#isOver) throw this.#foundGone();
    const snapshot = await this.#context.records.read(this.#place.key, true, signal);
    if (snapshot.stored === undefined) throw this.#foundGone();
    if (snapshot.stored.record.forward) throw this.#foundGone(true);
    this.#see(snapshot);
  }

  discard(): void {
    this.log.clear();
    this.#see(this.#snapshot);
  }

  async touch(signal: AbortSignal | undefined, call: RunningCall): Promise<void> {
    if (this.isNew) return;
    const { records } = this.#context;
    call.sent = true;
    if (this.#isOver || !(await records.touch(this.#place.key, this.#base, signal))) throw this.#foundGone();
  }

  async regenerate(graceSeconds: number, call: RunningCall): Promise<void> {
    if (this.isReadOnly) throw readOnlyError();
    if (this.hasEnded) throw goneError();
    if (this.#isInDoubt) {
      await this.refresh(undefined).catch((error) => Promise.reject(fillInOutcome(error, "not-applied")));
    }
    const { records, commits, events, maxConflicts } = this.#context;
    const place = await this.#newPlace();
    const previous = this.#place;
    if (this.isNew) {
      this.#place = place;
      return this.save(this.log.all(), call);
    }
    const sets = this.log.all();
    const plan: Rekey = {
      from: previous.key,
      to: place.key,
      until: graceSeconds > 0 ? records.now() + graceSeconds * 1000 : undefined,
      maxConflicts,
      copyOf: (record, snapshot) => {
        const content = new WorkingCopy(record);
        applySets(sets, content, snapshot, this.format);
        const tokens = [...sets.map(({ token }) => token), records.createToken()];
        return content.toRecord(this.format.keepsTokens ? withTokens(record.tokens, tokens) : []);
      },
    };
    this.#abandoned.add(place.key); // it may be there from now on
    try {
      const moved = await commits.alone(previous.key, () => rekey(records, plan, this.#snapshot, call));
      this.#abandoned.delete(place.key);
      this.#place = place;
      this.log.forget(sets);
      this.hasEnded = moved.stored === undefined;
      this.#see(moved);
    } catch (error) {
      if (isGone(error)) this.#foundGone();
      if (isGone(error) || !isInDoubt(error)) this.#abandoned.delete(place.key);
      throw error;
    }
    events.emit({ type: "regenerated", ...place, previousId: previous.id, previousKey: previous.key });
  }

  async destroy(call: RunningCall): Promise<void> {
    const { commits, events, records } = this.#context;
    const { id, key, forward } = this.#place;
    // What was found to be gone may have moved.
    const mayBeThere = !this.isNew && !this.#isDestroyed;
    const isNews = mayBeThere && (!this.hasEnded || this.#hasMoved);
    const keys = mayBeThere ? [...this.#abandoned, forward?.key ?? key] : [...this.#abandoned];
    call.sent = keys.length > 0;
    let hasEnded = false;
    for (const each of new Set(keys)) {
      await commits
        .alone(each, () => records.end(each))
        .catch((error) => Promise.reject(hasEnded ? replaceOutcome(error, "unknown") : error));
      hasEnded = true;
    }
    this.#abandoned.clear();
    this.hasEnded = true;
    this.#isDestroyed = true;
    if (isNews) events.emit({ type: "ended", id, key, reason: "destroyed" });
  }

  /** Makes this an empty new session. */
  async begin(): Promise<void> {
    this.#place = await this.#newPlace();
    this.#beginning = undefined;
    this.hasEnded = false;
    this.#hasMoved = false;
    this.#isDestroyed = false;
    this.#isInDoubt = false;
    this.log.clear();
    this.#see(neverStored);
  }

  /** The changes of a caller that has left, or is stuck, must not be made beside those of the next one. */
  async #giveUpUnfinished(): Promise<void> {
    if (this.#unfinished === undefined) return;
    const { key, commit } = this.#unfinished;
    this.#unfinished = undefined;
    if (this.#context.commits.withdraw(commit) && this.isNew) await this.#abandon(key);
  }

  async #newPlace(): Promise<{ readonly id: string; readonly key: string }> {
    const id = this.format.createId();
    return { id, key: await this.format.keyOf(id) };
  }

  get #isOver(): boolean {
    const { forward } = this.#place;
    return this.hasEnded || (forward !== undefined && forward.until <= this.#context.records.now());
  }

  get #base(): SessionRecord {
    if (this.#snapshot.stored) return this.#snapshot.stored.record;
    this.#beginning ??= this.#context.records.create();
    return this.#beginning;
  }

  async #commit(sets: readonly ChangeSet[], call: RunningCall): Promise<void> {
    const { commits, events, records } = this.#context;
    const { isNew } = this;
    const { id, key } = this.#place;
    let isCreated = false;
    let latest: Snapshot | undefined;
    const turn = this.#turn;
    const request: CommitRequest<void> = {
      seen: this.#isInDoubt ? undefined : this.#snapshot,
      beginning: isNew ? records.create() : undefined,
      tokens: () => (this.format.keepsTokens ? sets.map(({ token }) => token) : []),
      isRepeatable: sets.every(({ isRepeatable }) => isRepeatable),
      run: (content, base) => {
        this.#refuseKnown(sets, base);
        latest = base;
        isCreated = base.stored === undefined;
        applySets(sets, content, base, this.format);
      },
      progressed: () => turn?.progress(),
      applied: (snapshot) => {
        this.log.forget(sets);
        if (snapshot.stored === undefined) this.hasEnded = true;
        this.#see(snapshot);
      },
      gone: (hasMoved) => {
        this.#foundGone(hasMoved);
      },
      doubted: (base) => {
        for (const set of sets) set.doubt(base);
      },
    };
    const commit = new PendingCommit(request, call);
    this.#unfinished = { key, commit };
    try {
      const result = await commits.settle(key, commit);
      if ("error" in result) throw result.error;
    } catch (error) {
      if (isNew && isInDoubt(error)) await this.#abandon(key);
      if (error instanceof OversizeError && latest) this.#tooLarge = { sets, version: latest.stored?.version, error };
      throw error;
    } finally {
      if (this.#unfinished?.commit === commit) this.#unfinished = undefined;
    }
    if (this.hasEnded) events.emit({ type: "ended", id, key, reason: "destroyed" });
    else if (isCreated) events.emit({ type: "created", id, key });
  }

  /** What was too large over just this is so again, and is not encoded once more to find out. */
  #refuseKnown(sets: readonly ChangeSet[], { stored }: Snapshot): void {
    if (this.#tooLarge === undefined || this.#tooLarge.version !== stored?.version) return;
    if (sets.length === this.#tooLarge.sets.length && sets.every((set) => this.#tooLarge?.sets.includes(set))) {
      throw this.#tooLarge.error;
    }
  }

  /**
   * It may be created there yet, when it has been destroyed long since. So it goes on under another id; or where that was
   * chosen elsewhere, with what is found there, if anything is.
   */
  async #abandon(key: string): Promise<void> {
    if (key !== this.#place.key) return; // that has been done
    this.#abandoned.add(key);
    this.#isInDoubt = this.format.adoptsIds;
    if (this.#isInDoubt) return;
    this.#place = await this.#newPlace();
    for (const set of this.log.all()) set.endDoubt();
  }

  #foundGone(hasMoved = false): SessionError {
    const { id, key, forward } = this.#place;
    // The session itself goes on when a grace time ends, and when it has moved.
    if (!this.hasEnded && !hasMoved && !forward) this.#context.events.emit({ type: "ended", id, key, reason: "gone" });
    this.#hasMoved ||= hasMoved;
    this.hasEnded = true;
    return goneError();
  }

  #see(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#isInDoubt &&= snapshot.stored === undefined;
    this.log.look(snapshot, this.format);
    this.content = new WorkingCopy(this.#base);
    this.log.show(this.content, snapshot, this.format);
  }
}

/** Changes that were too large to be stored over what had this version. */
interface TooLarge {
  readonly sets: readonly ChangeSet[];
  readonly version: Version | undefined;
  readonly error: OversizeError;
}

/** Older than anything that was seen. */
const neverStored: Snapshot = { stored: undefined, order: 0 };
