import type { SessionFormat } from "../../formats/format.ts";
import { undecidable } from "../failures.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import { isDecidable } from "../storage/tokens.ts";
import type { Change } from "./change.ts";
import type { WorkingCopy } from "./working-copy.ts";

/** The changes of a session that are not known to be stored. */
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

  /** Makes a set of the changes added since the last call, and returns all sets. Later changes form another set. */
  close(): readonly ChangeSet[] {
    if (this.#open) this.#closed = [...this.#closed, new ChangeSet(this.#open, this.#createToken)];
    this.#open = undefined;
    return this.#closed;
  }

  /** Returns the oldest remaining ones of these sets, few enough for their tokens to stay in the record for some writes. */
  oldestOf(sets: readonly ChangeSet[]): readonly ChangeSet[] {
    if (this.#closed.length === 0) return none;
    if (sets === this.#closed && sets.length <= MAX_SETS_TOGETHER) return sets;
    return this.#closed.filter((set) => sets.includes(set)).slice(0, MAX_SETS_TOGETHER);
  }

  /** The current sets. The array does not change. */
  get sets(): readonly ChangeSet[] {
    return this.#closed;
  }

  forget(sets: readonly ChangeSet[]): void {
    this.#closed = this.#closed === sets ? none : this.#closed.filter((set) => !sets.includes(set));
  }

  clear(): void {
    this.#open = undefined;
    this.#closed = none;
  }

  /** Forgets sets that the record already contains, and the unknown outcomes that it settles. */
  look(now: Snapshot, format: SessionFormat): void {
    this.#closed = notIn(now, this.#closed);
    for (const set of this.#closed) set.look(now, format);
  }

  /** Lays the changes over the stored content for display. A change that cannot be made on it fails when it is saved. */
  show(content: WorkingCopy, now: Snapshot, format: SessionFormat): void {
    const certain = this.#closed.filter((set) => set.isCertain(now, format)).flatMap(({ changes }) => changes);
    for (const change of [...certain, ...(this.#open ?? [])]) {
      try {
        change.apply(content);
      } catch {
        // The function of an update rejects the content that another writer has stored.
      }
    }
  }
}

const none: readonly never[] = [];
const MAX_SETS_TOGETHER = 4;

/** Makes the changes of all sets on the stored content, except those that it already contains. */
export function applySets(
  sets: readonly ChangeSet[],
  content: WorkingCopy,
  now: Snapshot,
  format: SessionFormat,
): void {
  for (const set of notIn(now, sets)) set.apply(content, now, format);
}

/**
 * Returns the sets that are not stored. Sets are stored in order: those before a stored one are stored, too, and must
 * not be repeated.
 */
function notIn(now: Snapshot, sets: readonly ChangeSet[]): readonly ChangeSet[] {
  const last = sets.findLastIndex((set) => set.isIn(now));
  return last < 0 ? sets : sets.slice(last + 1);
}

/**
 * Changes that are saved together. Once they have been applied, after any number of attempts, the record contains their
 * token.
 */
export class ChangeSet {
  readonly changes: readonly Change[];
  readonly #createToken: () => string;
  /** Created for the first write. */
  #token: string | undefined;
  /** The snapshot the last attempt would have replaced, while its outcome is unknown. */
  #unacknowledgedBase: Snapshot | undefined;

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

  markUnacknowledged(base: Snapshot): void {
    this.#unacknowledgedBase = base;
  }

  /** Forgets the unknown attempt, because it was to happen elsewhere. */
  forgetUnacknowledged(): void {
    this.#unacknowledgedBase = undefined;
  }

  /** Settles the unknown outcome once another writer was faster: an attempt not applied by then never will be. */
  look(now: Snapshot, format: SessionFormat): void {
    if (this.#unacknowledgedBase === undefined || !isDecidable(this.#unacknowledgedBase, now, format)) return;
    if (now.stored?.version !== this.#unacknowledgedBase.stored?.version) this.#unacknowledgedBase = undefined;
  }

  isIn({ stored }: Snapshot): boolean {
    return this.#token !== undefined && stored?.record.tokens.includes(this.#token) === true;
  }

  /** Returns `true` if the set is known not to be stored, or is idempotent. */
  isCertain(now: Snapshot, format: SessionFormat): boolean {
    return (
      this.#unacknowledgedBase === undefined || this.isRepeatable || isDecidable(this.#unacknowledgedBase, now, format)
    );
  }

  /** Makes the changes on the stored content, which does not contain them. */
  apply(content: WorkingCopy, now: Snapshot, format: SessionFormat): void {
    if (this.#unacknowledgedBase && !this.#prepareRepetition(this.#unacknowledgedBase, now, format))
      throw undecidable();
    for (const change of this.changes) change.apply(content);
  }

  /**
   * Returns `false` if the set must not be repeated while its outcome is unknown. A repeated set gets a new token: an
   * old one that comes back would stand for others as well. A snapshot from before the unknown outcome settles nothing,
   * and a write over it will be refused.
   */
  #prepareRepetition(unacknowledged: Snapshot, now: Snapshot, format: SessionFormat): boolean {
    if (isDecidable(unacknowledged, now, format)) {
      if (now.stored?.version !== unacknowledged.stored?.version) this.#unacknowledgedBase = undefined;
      return true;
    }
    if (!this.isRepeatable) return false;
    if (now.order > unacknowledged.order) this.#token = this.#createToken();
    return true;
  }
}
