import type { SessionRecord } from "../../formats/record.ts";
import type { Version } from "../../handler.ts";

/** The state seen under a key. Of two snapshots, the one of the higher order is the newer one. */
export interface Snapshot {
  readonly stored: StoredRecord | undefined;
  readonly order: number;
}

/** A record as it is stored, and what stands for it when it is to be replaced. */
export class StoredRecord {
  readonly record: SessionRecord;
  readonly #stored: { readonly version: Version };

  constructor(record: SessionRecord, stored: { readonly version: Version }) {
    this.record = record;
    this.#stored = stored;
  }

  /** A handler may make it when it is asked for, and few are. */
  get version(): Version {
    return this.#stored.version;
  }
}

/** The result of a write, and the state after it. */
export interface RecordWriteResult {
  readonly isWritten: boolean;
  readonly snapshot: Snapshot;
}

/** The result of the attempt to end a snapshot, and the state after it. */
export interface RecordDestroyResult {
  readonly isDone: boolean;
  readonly snapshot: Snapshot;
}
