import { type Change, refusePromise } from "../changes/change.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import { Draft, type DraftParts, type DraftTarget } from "./draft.ts";
import type { SessionDraft } from "./session-draft.ts";

/** Runs `change` on a draft of the content. The draft is unusable after that. */
export function runUpdate<Result>(
  id: string,
  shared: DraftParts,
  content: WorkingCopy,
  change: (draft: SessionDraft) => Result,
): Result {
  const target = new UpdateTarget(id, shared, content);
  try {
    const result = change(new Draft(target));
    refusePromise(result);
    return result;
  } finally {
    target.isOver = true;
  }
}

/** The target of an update's draft, whose content nobody else sees until the function has returned. */
class UpdateTarget implements DraftTarget {
  readonly id: string;
  readonly shared: DraftParts;
  readonly content: WorkingCopy;
  readonly isReadOnly = false;
  isOver = false;

  constructor(id: string, shared: DraftParts, content: WorkingCopy) {
    this.id = id;
    this.shared = shared;
    this.content = content;
  }

  perform(change: Change): void {
    if (this.isOver) throw new TypeError("The draft of an update cannot be changed after the function has returned.");
    change.apply(this.content);
  }
}
