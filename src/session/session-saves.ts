import type { RunningCall } from "../backend/call.ts";
import type { ExclusiveTask } from "../backend/queued-task.ts";
import type { Turn } from "../backend/turn.ts";
import type { TurnQueue } from "../backend/turn-queue.ts";
import { replaceOutcome, type SessionError } from "../errors.ts";
import type { SessionFormat } from "../formats/format.ts";
import type { ChangeSet } from "./changes/change-log.ts";
import type { PendingCommit } from "./commit/pending-commit.ts";
import { SaveCommit, type SaveTarget } from "./commit/save-commit.ts";
import { goneError, hasUnknownOutcome, OversizeError } from "./failures.ts";
import type { SessionLocation } from "./session-context.ts";
import type { SessionState } from "./session-state.ts";
import type { Snapshot, StoredRecord } from "./storage/snapshot.ts";

/** Changes that were too large to be stored on a snapshot. */
interface TooLarge {
  readonly sets: readonly ChangeSet[];
  readonly base: StoredRecord | undefined;
  readonly error: OversizeError;
}

/** Stores the changes of a session, in turn with its other calls to the store. */
export class SessionSaves implements SaveTarget {
  readonly format: SessionFormat;
  readonly #state: SessionState;
  #tooLarge: TooLarge | undefined;
  #turns: TurnQueue | undefined;
  #turn: Turn<ExclusiveTask> | undefined;
  /** The commit of a save that has started and not ended. */
  #unfinished: { readonly key: string; readonly commit: PendingCommit } | undefined;

  constructor(state: SessionState) {
    this.#state = state;
    this.format = state.format;
  }

  /** `true` if nothing is under way. */
  get isAtRest(): boolean {
    return this.#unfinished === undefined && this.#turns?.isIdle !== false;
  }

  /** Runs when all earlier calls have ended or were given up, unless it has been given up itself by then. */
  inTurn(call: RunningCall, run: (call: RunningCall) => Promise<void>): Promise<void> {
    this.#turns ??= this.#state.context.commits.createTurns();
    return this.#turns.alone((turn) => {
      if (this.#unfinished) return this.#giveUp(this.#unfinished).then(() => this.#begin(turn, call, run));
      return this.#begin(turn, call, run);
    });
  }

  #begin(turn: Turn<ExclusiveTask>, call: RunningCall, run: (call: RunningCall) => Promise<void>): Promise<void> {
    this.#turn = turn;
    return call.ended ? Promise.resolve() : run(call);
  }

  /**
   * Gives up the commit of a caller that has left or is stuck, whose changes must not be made beside those of the next
   * one.
   */
  async #giveUp({ key, commit }: { readonly key: string; readonly commit: PendingCommit }): Promise<void> {
    this.#unfinished = undefined;
    if (this.#state.context.commits.withdraw(commit) && this.#state.isNew) await this.#state.abandon(key);
  }

  /** Saves as many sets as fit into one write, then the others. Changes made since the call are left to the next save. */
  save(due: readonly ChangeSet[], call: RunningCall, isPartlyStored = false): Promise<void> {
    const sets = this.#state.log.oldestOf(due);
    if (sets.length === 0) return Promise.resolve();
    const { isNew, location } = this.#state;
    const commit = this.#commitOf(sets, isNew, call);
    return this.#settle(commit, location.key).then(
      () => {
        this.#stored(commit, location);
        return sets.length < due.length ? this.save(due, call, true) : undefined;
      },
      async (error) => {
        this.#refused(commit, error);
        if (isNew && hasUnknownOutcome(error)) await this.#state.abandon(location.key);
        throw isPartlyStored ? replaceOutcome(error, "unknown") : error; // a part of it is stored
      },
    );
  }

  #commitOf(sets: readonly ChangeSet[], isNew: boolean, call: RunningCall): SaveCommit {
    const { context, snapshot, stage } = this.#state;
    const seen = stage === "creation-unknown" ? undefined : snapshot;
    const beginning = isNew ? context.records.create() : undefined;
    return new SaveCommit(this, sets, { seen, beginning }, call, this.#turn);
  }

  #settle(commit: SaveCommit, key: string): Promise<unknown> {
    if (this.#state.hasEnded) return Promise.reject(goneError());
    this.#unfinished = { key, commit };
    return this.#state.context.commits.settle(key, commit);
  }

  #stored(commit: SaveCommit, { id, key }: SessionLocation): void {
    const { context, hasEnded } = this.#state;
    this.#finish(commit);
    if (hasEnded) context.events.emit({ type: "ended", id, key, reason: "destroyed" });
    else if (commit.latest?.stored === undefined) context.events.emit({ type: "created", id, key });
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
    const state = this.#state;
    state.log.forget(sets);
    if (snapshot.stored === undefined && !state.hasEnded) state.stage = "gone";
    state.see(snapshot);
  }

  foundGone(hasMoved: boolean): SessionError {
    return this.#state.foundGone(hasMoved);
  }

  /** Throws if the same changes were already too large on the same snapshot, without encoding them again. */
  refuseKnown(sets: readonly ChangeSet[], { stored }: Snapshot): void {
    if (this.#tooLarge === undefined || this.#tooLarge.base?.version !== stored?.version) return;
    if (sets.length === this.#tooLarge.sets.length && sets.every((set) => this.#tooLarge?.sets.includes(set))) {
      throw this.#tooLarge.error;
    }
  }
}
