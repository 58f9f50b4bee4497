import type { SessionRecord } from "../../formats/record.ts";
import type { SessionHandler, StoredSession, Version } from "../../handler.ts";
import type { DecodedRecords } from "./decoded-records.ts";
import { type Snapshot, StoredRecord } from "./snapshot.ts";
import type { TimeToLive } from "./time-to-live.ts";

/** Makes snapshots of what a handler answers. A session that has had its time is absent in them. */
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

  /** A session that has had its time is removed, also where the store has not noticed. */
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

  /** The state after a write. */
  written(key: string, data: Uint8Array, record: SessionRecord, result: { readonly version: Version }): Snapshot {
    this.#decoded.replace(key, data, record);
    return this.#next(new StoredRecord(record, result));
  }

  #next(stored: StoredRecord | undefined): Snapshot {
    this.#order += 1;
    return { stored, order: this.#order };
  }
}
