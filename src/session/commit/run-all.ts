import type { SessionRecord } from "../../formats/record.ts";
import { WorkingCopy } from "../changes/working-copy.ts";
import { goneError } from "../failures.ts";
import type { Snapshot } from "../storage/snapshot.ts";
import type { Attempts } from "./attempts.ts";
import type { PendingCommit } from "./pending-commit.ts";

/**
 * Makes the changes of all commits on a snapshot. Returns the content with them; `undefined` if there is none. If there
 * are several commits, each runs on its own savepoint.
 */
export function runAll(commits: readonly PendingCommit[], base: Snapshot, attempts: Attempts): WorkingCopy | undefined {
  const record = base.stored?.record;
  const isAlone = commits.length === 1;
  let content = record && new WorkingCopy(record);
  for (const pending of commits) {
    const { beginning } = pending.commit;
    const hasMoved = record?.forward !== undefined;
    if (hasMoved || (record === undefined && beginning === undefined)) {
      const error = goneError(attempts.with(pending) ? "unknown" : "not-applied");
      pending.lastRun = { kind: "gone", base, hasMoved, error };
      continue;
    }
    content ??= new WorkingCopy(beginning as SessionRecord); // without one, the session would be gone
    const savepoint = isAlone ? content : new WorkingCopy(content);
    try {
      pending.lastRun = { kind: "made", base, value: pending.commit.run(savepoint, base) };
      if (!isAlone) savepoint.applyTo(content);
    } catch (error) {
      pending.lastRun = { kind: "failed", base, error };
      if (isAlone) return undefined;
    }
  }
  return content;
}
