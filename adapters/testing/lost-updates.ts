/**
 * What the callers have been told of their updates, each with a name of its own.
 *
 * @public
 */
export interface Updates<Name> {
  /** Those that were acknowledged. */
  readonly acknowledged: Iterable<Name>;
  /** Those of which nobody knows whether they were made. */
  readonly unknown?: Iterable<Name>;
}

/**
 * What is wrong with a final state; all empty: nothing.
 *
 * @public
 */
export interface UpdateFindings<Name> {
  /** Acknowledged, and not there. */
  readonly missing: Name[];
  /** There more than once. */
  readonly repeated: Name[];
  /** There, though it was refused or never asked for. */
  readonly uninvited: Name[];
}

/**
 * Compares what the callers know with what is stored in the end: every update that was made appends its name to the session.
 *
 * @public
 */
export function findLostUpdates<Name>(updates: Updates<Name>, stored: Iterable<Name>): UpdateFindings<Name> {
  const acknowledged = new Set(updates.acknowledged);
  const allowed = new Set([...acknowledged, ...(updates.unknown ?? [])]);
  const found = [...stored];
  const distinct = new Set(found);
  return {
    missing: [...acknowledged].filter((name) => !distinct.has(name)),
    repeated: [...distinct].filter((name) => found.indexOf(name) !== found.lastIndexOf(name)),
    uninvited: [...distinct].filter((name) => !allowed.has(name)),
  };
}
