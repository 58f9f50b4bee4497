import type { SessionRecord } from "../../formats/record.ts";
import type { Version } from "../../handler.ts";

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

/** The state seen under a key. Of two snapshots, the one of the higher order is the newer one. */
export interface Snapshot {
  readonly stored: StoredRecord | undefined;
  readonly order: number;
}

/** A session that is stored under another key, too. */
export interface Origin {
  readonly key: string;
  readonly record: SessionRecord;
}

/** The result of a write, and the state after it. */
export interface WriteEnding {
  readonly isWritten: boolean;
  readonly snapshot: Snapshot;
}

/** The result of the attempt to end a snapshot. */
export interface Ending {
  readonly isDone: boolean;
  /** The state after it. */
  readonly snapshot: Snapshot;
}
