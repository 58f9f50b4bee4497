import type { SessionRecord } from "../formats/record.ts";
import type { SessionDraft } from "./session-draft.ts";

/** Names the method that gives the record. Two copies of the package know each other's sessions by it. */
const method = Symbol.for("sessionwire.record");

/**
 * Returns the present content of a session or draft, unsaved changes included, for adapters that need values without the
 * read-only views of `get`.
 *
 * @remarks
 * Its values are shared with other sessions and must not be changed. While nothing is changed, it is the same object each time.
 *
 * @throws `TypeError` for what is no session of this package.
 *
 * @public
 */
export function recordOf(session: SessionDraft): SessionRecord {
  const draft: SessionDraft & { readonly [method]?: () => SessionRecord } = session;
  const record = draft[method]?.();
  if (record === undefined) throw new TypeError("recordOf takes a session of a session manager.");
  return record;
}

/** Tells a session or draft of this package from other objects, behind any wrapper. */
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
