import { replaceOutcome } from "../../errors.ts";
import type { SessionFormat } from "../../formats/format.ts";
import { corrupt } from "../../formats/json.ts";
import { isUnreadable } from "../failures.ts";
import type { RecordDestroyResult, Snapshot, StoredRecord } from "./snapshot.ts";

/** The records that forwards connect. */
interface ForwardedRecords {
  readonly format: Pick<SessionFormat, "storesForwards">;
  read(key: string, keepAlive: boolean, signal?: AbortSignal): Promise<Snapshot>;
  destroy(key: string, stored: StoredRecord): Promise<RecordDestroyResult>;
  erase(key: string): Promise<void>;
}

/** The location of a session. */
export interface Located {
  readonly key: string;
  readonly snapshot: Snapshot;
  /** The end of the forward that leads here, in milliseconds since 1970; `undefined`: no forward was followed. */
  readonly until: number | undefined;
}

/** Maximum number of forwards in a row, or of writes between reading and destroying: more than can occur legitimately. */
const MAX_STEPS = 30;

/** Returns the record to which a key leads, starting from the `snapshot` under that key. */
export async function followForwards(
  records: ForwardedRecords,
  key: string,
  snapshot: Snapshot,
  keepAlive: boolean,
  signal?: AbortSignal,
): Promise<Located> {
  let found: Located = { key, snapshot, until: undefined };
  for (let steps = 0; found.snapshot.stored?.record.forward; steps += 1) {
    if (steps === MAX_STEPS) throw corrupt("its forwards lead nowhere");
    const { forward } = found.snapshot.stored.record;
    const snapshot = await records.read(forward.key, keepAlive, signal);
    found = { key: forward.key, snapshot, until: Math.min(found.until ?? forward.until, forward.until) };
  }
  return found;
}

/**
 * Destroys whatever is stored, after first destroying the target of its forward: step by step, so that no session
 * escapes to another id in the meantime. Returns the key of the session itself.
 */
export async function destroyThroughForwards(records: ForwardedRecords, key: string, steps = 0): Promise<string> {
  let ended = key;
  try {
    if (records.format.storesForwards) {
      let snapshot = await records.read(key, false).catch(unlessCorrupt);
      for (let conflicts = 0; snapshot?.stored && conflicts < MAX_STEPS; conflicts += 1) {
        const { forward } = snapshot.stored.record;
        if (forward && steps < MAX_STEPS) ended = await destroyThroughForwards(records, forward.key, steps + 1);
        const ending = await records.destroy(key, snapshot.stored);
        if (ending.isDone || ending.snapshot.stored === undefined) return ended;
        snapshot = ending.snapshot;
      }
    }
    await records.erase(key);
    return ended;
  } catch (error) {
    throw ended === key ? error : replaceOutcome(error, "unknown"); // the session that it leads to has ended
  }
}

/** Allows an unreadable session to be destroyed. */
function unlessCorrupt(error: unknown): undefined {
  if (!isUnreadable(error)) throw error;
}
