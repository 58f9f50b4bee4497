import { corrupt } from "../../formats/json-bytes.ts";
import type { RecordStore } from "./record-store.ts";
import type { Snapshot } from "./snapshot.ts";

/** The location of a session. */
export interface Located {
  readonly key: string;
  readonly snapshot: Snapshot;
  /** The end of the forward that leads here, in milliseconds since 1970; `undefined`: no forward was followed. */
  readonly until: number | undefined;
}

/** Maximum number of forwards in a row, or of writes between reading and destroying: more than can occur legitimately. */
export const MAX_FORWARDS = 30;

/** Returns the record to which a key leads, starting from the `snapshot` under that key. */
export async function followForwards(
  records: RecordStore,
  key: string,
  snapshot: Snapshot,
  keepAlive: boolean,
  signal?: AbortSignal,
): Promise<Located> {
  let found: Located = { key, snapshot, until: undefined };
  for (let steps = 0; found.snapshot.stored?.record.forward; steps += 1) {
    if (steps === MAX_FORWARDS) throw corrupt("its forwards lead nowhere");
    const { forward } = found.snapshot.stored.record;
    const snapshot = await records.read(forward.key, keepAlive, signal);
    found = { key: forward.key, snapshot, until: Math.min(found.until ?? forward.until, forward.until) };
  }
  return found;
}
