import type { RunningCall } from "../../backend/call.ts";
import { replaceOutcome } from "../../errors.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { goneError, hasUnknownOutcome, isGone, isLostConnection, tooManyConflicts } from "../failures.ts";
import type { RecordStore } from "./record-store.ts";
import type { RecordDestroyResult, Snapshot, StoredRecord } from "./snapshot.ts";

export interface Rekey {
  /** The key that ends. */
  readonly from: string;
  /** A new key that nobody knows yet. */
  readonly to: string;
  /** The time at which the old key stops leading to the new one, in milliseconds since 1970; `undefined`: it does not. */
  readonly until: number | undefined;
  readonly maxConflicts: number;
  /** Returns the record to store under the new key if the old one is as seen. */
  copyOf(record: SessionRecord, snapshot: Snapshot): SessionRecord;
}

/**
 * Stores a session under another key: copies it, and destroys the old one if it still equals the copied one; otherwise
 * copies it again. No write accepted under the old key is lost. Returns the snapshot under the new key.
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
    // If it is unknown whether the old one has ended, the copy may be all that is left; it stays until it expires.
    if (copy?.stored && (isGone(error) || !hasUnknownOutcome(error))) await removeCopy(records, plan, copy.stored);
    throw error;
  }
}

/** Writes the copy. Whatever its outcome, the session itself is unchanged. */
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
    throw hasUnknownOutcome(error) ? replaceOutcome(error, "not-applied") : error;
  }
  throw goneError(); // it has expired; or the copy was evicted, or destroyed as an unknown key
}

/**
 * Ends the old session. A second attempt under the same condition cannot end anything else. If it finds nothing, the
 * first one may have succeeded; or the user has signed out, and must not stay signed in under the new id.
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
    if (!hasUnknownOutcome(error) || !isLostConnection(error)) throw error;
    const ending = await attempt().catch((next) => Promise.reject(replaceOutcome(next, "unknown"))); // of both attempts together
    if (!ending.isDone && ending.snapshot.stored === undefined) throw goneError("unknown");
    return ending;
  }
}

/** Removes the copy. It also expires by itself, so the reason why the move failed is the more useful error. */
async function removeCopy(records: RecordStore, { to }: Rekey, copy: StoredRecord): Promise<void> {
  await records.destroy(to, copy).catch(() => {});
}
