import type { SessionRecord } from "../../formats/record.ts";
import type { SessionHandler, StoredSession, Version } from "../../handler.ts";
import type { ShownRecord } from "../schema/withheld.ts";
import type { DecodedRecords } from "./decoded-records.ts";
import type { TimeToLive } from "./time-to-live.ts";

/** The state seen under a key. Of two snapshots, the one with the higher order is newer. */
export interface Snapshot {
  readonly stored: StoredRecord | undefined;
  readonly order: number;
}

/** A record as it is stored, and the version with which to replace it. */
export class StoredRecord {
  readonly record: SessionRecord;
  readonly #stored: { readonly version: Version };

  constructor(record: SessionRecord, stored: { readonly version: Version }) {
    this.record = record;
    this.#stored = stored;
  }

  /** Read on demand, because a handler may compute it lazily and few versions are needed. */
  get version(): Version {
    return this.#stored.version;
  }
}

/** The result of a write, and the state after it. */
export interface RecordWriteResult {
  readonly isWritten: boolean;
  readonly snapshot: Snapshot;
}

/** The result of an attempt to destroy a snapshot, and the state after it. */
export interface RecordDestroyResult {
  readonly isDone: boolean;
  readonly snapshot: Snapshot;
}

/** Creates snapshots from the answers of a handler. An expired session counts as absent. */
export class Snapshots {
  readonly #handler: SessionHandler;
  readonly #decoded: DecodedRecords;
  readonly #times: TimeToLive;
  #order = 0;

  constructor(handler: SessionHandler, decoded: DecodedRecords, times: TimeToLive) {
    this.#handler = handler;
    this.#decoded = decoded;
    this.#times = times;
  }

  /** Returns what was found. An expired session is removed, even if the store has not noticed yet. */
  living(key: string, found: StoredSession | undefined, signal?: AbortSignal): Snapshot | Promise<Snapshot> {
    if (found === undefined) return this.absent(key);
    const record = this.#decoded.recordOf(key, found.data);
    if (this.#times.secondsLeft(record) > 0) return this.#next(new StoredRecord(record, found));
    return this.#handler.destroy(key, { replaces: found.version, signal }).then(() => this.absent(key));
  }

  absent(key: string): Snapshot {
    this.#decoded.forget(key);
    return this.#next(undefined);
  }

  /** Returns the state after a write. A schema may allow now what it refused before, so the next read asks it again. */
  written(key: string, data: Uint8Array, record: ShownRecord, result: { readonly version: Version }): Snapshot {
    if (record.withheld) this.#decoded.forget(key);
    else this.#decoded.replace(key, data, record);
    return this.#next(new StoredRecord(record, result));
  }

  #next(stored: StoredRecord | undefined): Snapshot {
    this.#order += 1;
    return { stored, order: this.#order };
  }
}
