import type { SessionRecord } from "../../formats/record.ts";
import type { SessionDraft } from "./session-draft.ts";

/** Identifies the method that returns the record, across copies of the package. */
const method = Symbol.for("sessionwire.record");

/**
 * Returns the current content of a session or draft, unsaved changes included, for adapters that need values without
 * the read-only views of `get`.
 *
 * @remarks
 * Its values are shared with other sessions and must not be changed. Until the next change, it is the same object each
 * time.
 *
 * @throws `TypeError` for anything but a session of this package.
 *
 * @public
 */
export function recordOf(session: SessionDraft): SessionRecord {
  const draft: SessionDraft & { readonly [method]?: () => SessionRecord } = session;
  const record = draft[method]?.();
  if (record === undefined) throw new TypeError("recordOf needs a session of a session manager.");
  return record;
}

/** Checks if an object is a session or draft of this package, behind any wrapper. */
export function isDraft(value: object): value is SessionDraft {
  return method in value;
}

/** Gives the objects of a class a method that {@link recordOf} finds behind any wrapper. */
export function offerRecord<T extends object>(prototype: T, recordOf: (draft: T) => SessionRecord): void {
  Object.defineProperty(prototype, method, {
    configurable: true,
    value(this: T) {
      return recordOf(this);
    },
  });
}
