import type { RunningCall } from "../../backend/call.ts";
import { replaceOutcome } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { goneError, isGone, isInDoubt, isLostConnection, tooManyConflicts } from "../failures.ts";
import type { RecordStore } from "./record-store.ts";
import type { RecordDestroyResult, Snapshot, StoredRecord } from "./snapshot.ts";

export interface Rekey {
  /** The key that ends. */
  readonly from: string;
  /** A key that nobody knows yet. */
  readonly to: string;
  /** The time at which the old key stops leading to the new one, in milliseconds since 1970; `undefined`: it does not. */
  readonly until: number | undefined;
  readonly maxConflicts: number;
  /** Makes the record to be stored under the new key when the old one is as seen. */
  copyOf(record: SessionRecord, snapshot: Snapshot): SessionRecord;
}

/**
 * Stores a session under another key: copies it, and ends the old one if it is still what was copied; else copies again. So no
 * write that the old key has taken is left behind. Answers with what is stored under the new key.
 */
export async function rekey(records: RecordStore, plan: Rekey, seen: Snapshot, call: RunningCall): Promise<Snapshot> {
  let snapshot = seen;
  let copy: Snapshot | undefined;
  try {
    for (let conflicts = 0; conflicts <= plan.maxConflicts; conflicts += 1) {
      if (snapshot.stored === undefined || snapshot.stored.record.forward) throw goneError();
      copy = await writeCopy(records, plan, snapshot, copy?.stored);
      if (call.ended) throw call.reason;
      call.sent = true;
      const ending = await endOld(records, plan, snapshot.stored);
      if (ending.isDone) return copy;
      call.sent = false;
      snapshot = ending.snapshot;
    }
    throw tooManyConflicts(plan.maxConflicts);
  } catch (error) {
    // When nobody knows whether the old one has ended, the copy may be all that is left, and is left to its time to live.
    if (copy?.stored && (isGone(error) || !isInDoubt(error))) await removeCopy(records, plan, copy.stored);
    throw error;
  }
}

/** Whatever becomes of it, the session itself has not been changed by it. */
async function writeCopy(
  records: RecordStore,
  { from, to, copyOf }: Rekey,
  snapshot: Snapshot,
  copied: StoredRecord | undefined,
): Promise<Snapshot> {
  if (snapshot.stored === undefined) throw goneError();
  const record = copyOf(snapshot.stored.record, snapshot);
  try {
    const origin = { key: from, record: snapshot.stored.record };
    const written = await records.write(to, record, copied, origin);
    const isOver = written.snapshot.stored === undefined && records.times.secondsLeft(snapshot.stored.record) < 1;
    if (written.isWritten && !isOver) return written.snapshot;
  } catch (error) {
    throw isInDoubt(error) ? replaceOutcome(error, "not-applied") : error;
  }
  throw goneError(); // its time is over; or the copy has been evicted, or destroyed as an unknown key
}

/**
 * A second attempt on the same condition can end nothing else. If it finds nothing, that may have been the first one; or somebody
 * has signed out, who must not stay signed in under the new id.
 */
async function endOld(
  records: RecordStore,
  { from, to, until }: Rekey,
  old: StoredRecord,
): Promise<RecordDestroyResult> {
  const attempt = () =>
    until === undefined ? records.destroy(from, old) : records.forward(from, { key: to, until }, old);
  try {
    return await attempt();
  } catch (error) {
    if (!isInDoubt(error) || !isLostConnection(error)) throw error;
    const ending = await attempt().catch((next) => Promise.reject(replaceOutcome(next, "unknown"))); // of the two together
    if (!ending.isDone && ending.snapshot.stored === undefined) throw goneError("unknown");
    return ending;
  }
}

/** It ends by itself, too: why the move failed is the better thing to say. */
async function removeCopy(records: RecordStore, { to }: Rekey, copy: StoredRecord): Promise<void> {
  await records.destroy(to, copy).catch(() => {});
}
