import type { RunningCall } from "../../backend/call.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import type { SessionDraft } from "../draft/session-draft.ts";
import { runUpdate } from "../draft/update.ts";
import type { SessionContext } from "../session-context.ts";
import { PendingCommit } from "./pending-commit.ts";

/** An update of a session by its id. */
export class UpdateCommit extends PendingCommit {
  readonly #context: SessionContext;
  readonly #id: string;
  readonly #key: string;
  readonly #change: (draft: SessionDraft) => unknown;
  readonly #updating: Set<string>;

  /** Takes `updating`, the sessions whose update function is running. */
  constructor(
    context: SessionContext,
    { id, key }: { readonly id: string; readonly key: string },
    change: (draft: SessionDraft) => unknown,
    updating: Set<string>,
    call: RunningCall,
  ) {
    super(call);
    this.#context = context;
    this.#id = id;
    this.#key = key;
    this.#change = change;
    this.#updating = updating;
  }

  override run(content: WorkingCopy): unknown {
    this.#updating.add(this.#id);
    try {
      return runUpdate(this.#id, this.#context.records, content, this.#change);
    } finally {
      this.#updating.delete(this.#id);
    }
  }

  override gone(hasMoved: boolean): void {
    if (!hasMoved) this.#context.events.emit({ type: "ended", id: this.#id, key: this.#key, reason: "gone" });
  }
}
