import type { Forward } from "../formats/record.ts";
import type { CommitQueue } from "./commit/commit-queue.ts";
import type { DraftParts } from "./draft/draft.ts";
import type { SessionEvents } from "./events/session-events.ts";
import type { SessionWrites } from "./events/session-writes.ts";
import type { SessionCalls } from "./session-calls.ts";
import type { RecordEndings } from "./storage/record-endings.ts";
import type { RecordStore } from "./storage/record-store.ts";

/** The parts that all sessions of a manager share. */
export interface SessionContext {
  readonly records: RecordStore;
  readonly endings: RecordEndings;
  readonly drafts: DraftParts;
  readonly calls: SessionCalls;
  readonly commits: CommitQueue;
  readonly events: SessionEvents;
  readonly writes: SessionWrites;
  readonly maxConflicts: number;
}

/** The id of a session, and the key that it is stored under. */
export interface SessionLocation {
  readonly id: string;
  readonly key: string;
  /** The forward that led here. */
  readonly forward?: Forward | undefined;
}
