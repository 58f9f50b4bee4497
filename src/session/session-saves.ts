import type { RunningCall } from "../backend/call.ts";
import { timeoutError } from "../backend/call-errors.ts";
import type { ExclusiveTask } from "../backend/queued-task.ts";
import type { Turn } from "../backend/turn.ts";
import { replaceOutcome } from "../errors.ts";
import { applySets, type ChangeSet } from "./changes/change-log.ts";
import type { CommitResult } from "./commit/commit.ts";
import { PendingCommit } from "./commit/pending-commit.ts";
import { goneError, hasUnknownOutcome, OversizeError } from "./failures.ts";
import { MAX_STEP_MS } from "./session-calls.ts";
import type { SessionLocation } from "./session-context.ts";
import type { SessionState } from "./session-state.ts";
import type { Snapshot } from "./storage/snapshot.ts";

/** A save that has begun. */
interface Saving {
  readonly sets: readonly ChangeSet[];
  readonly location: SessionLocation;
  /** `true` if it may create the session. */
  readonly isNew: boolean;
  readonly commit: PendingCommit;
  /** The result that the session knows. */
  known: CommitResult | undefined;
}

/** Changes that were too large to be stored on a snapshot. */
interface TooLarge {
  readonly sets: readonly ChangeSet[];
  readonly base: Snapshot;
  readonly error: OversizeError;
}

/** Stores the changes of a session. */
export class SessionSaves {
  readonly #state: SessionState;
  #unfinished: Saving | undefined;
  #tooLarge: TooLarge | undefined;

  constructor(state: SessionState) {
    this.#state = state;
  }

  /** `true` if the caller of a save has not received its result. */
  get isUnfinished(): boolean {
    return this.#unfinished !== undefined;
  }

  /** Saves as many sets as fit into one write, then the others. Changes made since the call are left to the next save. */
  save(due: readonly ChangeSet[], call: RunningCall, turn: Turn<ExclusiveTask>, isPartlyStored = false): Promise<void> {
    const state = this.#state;
    const sets = state.log.oldestOf(due);
    if (sets.length === 0) return Promise.resolve();
    if (state.hasEnded) return this.#reject(goneError(), isPartlyStored);
    const saving = this.#begin(sets, call, turn);
    return state.context.commits.settle(saving.location.key, saving.commit).then((answer) => {
      // One that was given up keeps its failure if it was stored under a key that the session has left since.
      const result = (saving.location !== state.location && saving.known) || answer;
      const taking = this.#take(saving, result);
      if (result.kind !== "applied") return this.#reject(result.error, isPartlyStored, taking);
      if (sets.length === due.length) return undefined;
      // The caller that gave it up may be saving the rest, which must not be made twice.
      if (turn.isOver) return this.#reject(timeoutError("The store", MAX_STEP_MS, "unknown"));
      return this.save(due, call, turn, true);
    });
  }

  /**
   * Gives up the save of a caller that has left or is stuck, whose changes must not be made beside those of the next
   * one.
   */
  async giveUp(): Promise<void> {
    const saving = this.#unfinished;
    if (saving) await this.#take(saving, saving.commit.withdraw());
  }

  #begin(sets: readonly ChangeSet[], call: RunningCall, turn: Turn<ExclusiveTask>): Saving {
    const { context, format, isNew, location, snapshot, stage } = this.#state;
    const commit = new PendingCommit(
      {
        sets,
        seen: stage === "creation-unknown" ? undefined : snapshot,
        beginning: isNew ? context.records.create() : undefined,
        run: (content, base) => {
          if (this.#tooLarge) refuseKnown(this.#tooLarge, sets, base);
          applySets(sets, content, base, format);
        },
      },
      call,
      turn,
    );
    this.#unfinished = { sets, location, isNew, commit, known: undefined };
    return this.#unfinished;
  }

  /** Takes the result into the session, once. A save that was given up may have two: it was stored after all. */
  #take(saving: Saving, result: CommitResult): Promise<void> | undefined {
    if (this.#unfinished === saving) this.#unfinished = undefined;
    if (saving.known === result) return undefined;
    saving.known = result;
    const { sets, location, isNew } = saving;
    if (result.kind === "applied") {
      if (location === this.#state.location) this.#state.saved(sets, result.base, result.snapshot);
      return undefined;
    }
    const { error } = result;
    if (result.kind === "gone") this.#state.foundGone(result.hasMoved);
    else if (error instanceof OversizeError && result.base) this.#tooLarge = { sets, base: result.base, error };
    return isNew && hasUnknownOutcome(error) ? this.#state.abandon(location.key) : undefined;
  }

  async #reject(error: unknown, isPartlyStored = false, taking?: Promise<void>): Promise<never> {
    await taking;
    throw isPartlyStored ? replaceOutcome(error, "unknown") : error; // a part of it is stored
  }
}

/** Throws if the same changes were already too large on the same snapshot, without encoding them again. */
function refuseKnown({ sets, base, error }: TooLarge, due: readonly ChangeSet[], { stored }: Snapshot): void {
  if (base.stored?.version !== stored?.version) return;
  if (due.length === sets.length && due.every((set) => sets.includes(set))) throw error;
}
