import type { SessionFormat } from "../../formats/format.ts";
import { undecidable } from "../failures.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import { isDecidable } from "../storage/tokens.ts";
import type { Change } from "./change.ts";
import type { WorkingCopy } from "./working-copy.ts";

/** The changes in a session that are not known to be stored. */
export class ChangeLog {
  #open: Change[] | undefined;
  #closed: readonly ChangeSet[] = none;
  readonly #createToken: () => string;

  constructor(createToken: () => string) {
    this.#createToken = createToken;
  }

  add(change: Change): void {
    if (this.#open) this.#open.push(change);
    else this.#open = [change];
  }

  get isEmpty(): boolean {
    return this.#open === undefined && this.#closed.length === 0;
  }

  /** Makes a set of what was added since the last time. What comes later is another one. */
  close(): void {
    if (this.#open === undefined) return;
    this.#closed = [...this.#closed, new ChangeSet(this.#open, this.#createToken)];
    this.#open = undefined;
  }

  /** The oldest of these sets that are left: so few that their tokens stay in the record for some writes. */
  oldestOf(sets: readonly ChangeSet[]): readonly ChangeSet[] {
    if (this.#closed.length === 0) return none;
    if (sets === this.#closed && sets.length <= MAX_SETS_TOGETHER) return sets;
    return this.#closed.filter((set) => sets.includes(set)).slice(0, MAX_SETS_TOGETHER);
  }

  /** The sets as they are now: the array does not change. */
  all(): readonly ChangeSet[] {
    return this.#closed;
  }

  forget(sets: readonly ChangeSet[]): void {
    this.#closed = this.#closed === sets ? none : this.#closed.filter((set) => !sets.includes(set));
  }

  clear(): void {
    this.#open = undefined;
    this.#closed = none;
  }

  /** Forgets what is in the record already, and doubts that it clears up. */
  look(now: Snapshot, format: SessionFormat): void {
    if (this.#closed.length === 0) return;
    this.#closed = notIn(now, this.#closed);
    for (const set of this.#closed) set.look(now, format);
  }

  /** Lays the changes over what is stored now, to be looked at. What cannot be made on it says so when it is saved. */
  show(content: WorkingCopy, now: Snapshot, format: SessionFormat): void {
    const certain = this.#closed.filter((set) => set.isCertain(now, format)).flatMap(({ changes }) => changes);
    for (const change of [...certain, ...(this.#open ?? [])]) {
      try {
        change.apply(content);
      } catch {
        // The function of an update that does not like what somebody else has stored.
      }
    }
  }
}

const none: readonly never[] = [];
const MAX_SETS_TOGETHER = 4;

/** Makes the changes of all sets on what is stored now, but for those that are in it. */
export function applySets(
  sets: readonly ChangeSet[],
  content: WorkingCopy,
  now: Snapshot,
  format: SessionFormat,
): void {
  for (const set of notIn(now, sets)) set.apply(content, now, format);
}

/** Sets are stored in their order: those before one that is in the record are in it, too, and must not be laid over it again. */
function notIn(now: Snapshot, sets: readonly ChangeSet[]): readonly ChangeSet[] {
  const last = sets.findLastIndex((set) => set.isIn(now));
  return last < 0 ? sets : sets.slice(last + 1);
}

/** Changes that are saved together. Their token stands in the record if they have been applied, however often that was tried. */
export class ChangeSet {
  readonly changes: readonly Change[];
  readonly #createToken: () => string;
  /** Made for the first write. */
  #token: string | undefined;
  /** The snapshot the last attempt would have replaced, while its outcome is unknown. */
  #doubt: Snapshot | undefined;

  constructor(changes: readonly Change[], createToken: () => string) {
    this.changes = changes;
    this.#createToken = createToken;
  }

  get token(): string {
    this.#token ??= this.#createToken();
    return this.#token;
  }

  get isRepeatable(): boolean {
    return this.changes.every((change) => change.isRepeatable);
  }

  doubt(base: Snapshot): void {
    this.#doubt = base;
  }

  /** Ends the doubt: the attempt was to happen elsewhere. */
  endDoubt(): void {
    this.#doubt = undefined;
  }

  /** Ends the doubt once somebody else was faster: an attempt that was not applied before never will be. */
  look(now: Snapshot, format: SessionFormat): void {
    if (this.#doubt === undefined || !isDecidable(this.#doubt, now, format)) return;
    if (now.stored?.version !== this.#doubt.stored?.version) this.#doubt = undefined;
  }

  isIn({ stored }: Snapshot): boolean {
    return this.#token !== undefined && stored?.record.tokens.includes(this.#token) === true;
  }

  /** Tells whether the set is known not to be stored, or does no harm when it is made again. */
  isCertain(now: Snapshot, format: SessionFormat): boolean {
    return this.#doubt === undefined || this.isRepeatable || isDecidable(this.#doubt, now, format);
  }

  /** Makes the changes on what is stored now, in which they are not. */
  apply(content: WorkingCopy, now: Snapshot, format: SessionFormat): void {
    if (this.#doubt && !this.#prepareRepetition(this.#doubt, now, format)) throw undecidable();
    for (const change of this.changes) change.apply(content);
  }

  /**
   * Returns `false` for what must not be made again while nobody can tell whether it was applied. What may is another one from then
   * on: an old token that comes back would speak for others as well. What was seen before the doubt tells nothing, and a write over
   * it will be refused.
   */
  #prepareRepetition(doubt: Snapshot, now: Snapshot, format: SessionFormat): boolean {
    if (isDecidable(doubt, now, format)) {
      if (now.stored?.version !== doubt.stored?.version) this.#doubt = undefined;
      return true;
    }
    if (!this.isRepeatable) return false;
    if (now.order > doubt.order) this.#token = this.#createToken();
    return true;
  }
}
