import type { RunningCall } from "../../backend/call.ts";
import type { ExclusiveTask } from "../../backend/queued-task.ts";
import type { Turn } from "../../backend/turn.ts";
import type { SessionFormat } from "../../formats/format.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { applySets, type ChangeSet } from "../changes/change-log.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import { PendingCommit } from "./pending-commit.ts";

/** The session whose changes are saved. */
export interface SaveTarget {
  readonly format: SessionFormat;
  /** Called before the changes are made on a snapshot. Throws if exactly that snapshot has refused them before. */
  refuseKnown(sets: readonly ChangeSet[], base: Snapshot): void;
  saved(sets: readonly ChangeSet[], snapshot: Snapshot): void;
  foundGone(hasMoved: boolean): void;
}

/** The save of some changes of a session. */
export class SaveCommit extends PendingCommit {
  readonly sets: readonly ChangeSet[];
  override readonly seen: Snapshot | undefined;
  override readonly beginning: SessionRecord | undefined;
  /** The snapshot on which the changes were made last. */
  latest: Snapshot | undefined;
  readonly #target: SaveTarget;
  /** The turn of the session. */
  readonly #turn: Turn<ExclusiveTask> | undefined;

  constructor(
    target: SaveTarget,
    sets: readonly ChangeSet[],
    { seen, beginning }: Pick<PendingCommit, "seen" | "beginning">,
    call: RunningCall,
    turn: Turn<ExclusiveTask> | undefined,
  ) {
    super(call, turn?.presence);
    this.#target = target;
    this.#turn = turn;
    this.sets = sets;
    this.seen = seen;
    this.beginning = beginning;
  }

  override get isRepeatable(): boolean {
    return this.sets.every(({ isRepeatable }) => isRepeatable);
  }

  override get tokenCount(): number {
    return this.#target.format.storesTokens ? this.sets.length : 0;
  }

  override get tokens(): readonly string[] {
    return this.#target.format.storesTokens ? this.sets.map(({ token }) => token) : [];
  }

  override stillWaits(): void {
    this.#turn?.progress();
  }

  override run(content: WorkingCopy, base: Snapshot): void {
    this.#target.refuseKnown(this.sets, base);
    this.latest = base;
    applySets(this.sets, content, base, this.#target.format);
  }

  override applied(snapshot: Snapshot): void {
    this.#target.saved(this.sets, snapshot);
  }

  override gone(hasMoved: boolean): void {
    this.#target.foundGone(hasMoved);
  }

  override unacknowledged(base: Snapshot): void {
    for (const set of this.sets) set.markUnacknowledged(base);
  }
}
