/**
 * The outcomes that callers received for their updates, each of which has a unique name.
 *
 * @public
 */
export interface Updates<Name> {
  /** The acknowledged updates. */
  readonly acknowledged: Iterable<Name>;
  /** The updates whose outcome is unknown. */
  readonly unknown?: Iterable<Name>;
}

/**
 * The errors of a final state; all lists are empty if there are none.
 *
 * @public
 */
export interface UpdateFindings<Name> {
  /** Acknowledged, but missing. */
  readonly missing: Name[];
  /** Present more than once. */
  readonly repeated: Name[];
  /** Present, although refused or never requested. */
  readonly uninvited: Name[];
}

/**
 * Compares the outcomes that callers know with the final state: every update that was made appends its name to the
 * session.
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
