import type { SessionError } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import type { ChangeSet } from "../changes/change-log.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import type { Snapshot } from "../storage/snapshot.ts";

/** Changes to be made on the session as stored by then. */
export interface Commit {
  /**
   * The changes by sets. The write leaves their tokens in the record, so that a caller whose reply was lost can
   * determine the outcome. Empty: only `run` knows the changes, which are not idempotent and share a token with others.
   */
  readonly sets: readonly ChangeSet[];
  /** The snapshot that the caller has seen, if any. */
  readonly seen?: Snapshot | undefined;
  /**
   * The content with which an absent session begins; `undefined`: an absent session is gone, and nothing brings it
   * back.
   */
  readonly beginning?: SessionRecord | undefined;
  /** Makes the changes. It may run again, on newer content, and fails alone if it throws. */
  run(content: WorkingCopy, base: Snapshot): unknown;
}

/** There was nothing to make the changes on: the session has ended, or continues under another key. */
interface Gone {
  readonly kind: "gone";
  readonly base: Snapshot;
  readonly hasMoved: boolean;
  readonly error: SessionError;
}

/** The changes were refused, or may have been applied: the error has the outcome. */
interface Failed {
  readonly kind: "failed";
  /** The snapshot on which the changes were made last, if they were. */
  readonly base: Snapshot | undefined;
  readonly error: unknown;
}

/** A run of a commit on a snapshot. It becomes the result once the store shows that it holds. */
export type CommitRun = { readonly kind: "made"; readonly base: Snapshot; readonly value: unknown } | Gone | Failed;

/** The result of a commit. */
export type CommitResult =
  | {
      readonly kind: "applied";
      /** The result of the run that was stored, and the snapshot on which it was made. */
      readonly value: unknown;
      readonly base: Snapshot;
      /** The state after it. */
      readonly snapshot: Snapshot;
    }
  | Gone
  | Failed;
