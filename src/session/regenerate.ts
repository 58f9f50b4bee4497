import type { RunningCall } from "../backend/call.ts";
import type { ExclusiveTask } from "../backend/queued-task.ts";
import type { Turn } from "../backend/turn.ts";
import { fillInOutcome } from "../errors.ts";
import { applySets, type ChangeSet } from "./changes/change-log.ts";
import { WorkingCopy } from "./changes/working-copy.ts";
import { readOnlyError } from "./draft/draft.ts";
import { goneError, hasUnknownOutcome, isGone } from "./failures.ts";
import type { SessionLocation } from "./session-context.ts";
import { refresh } from "./session-operations.ts";
import type { SessionSaves } from "./session-saves.ts";
import type { SessionState } from "./session-state.ts";
import { type Rekey, rekey } from "./storage/rekey.ts";
import { withTokens } from "./storage/tokens.ts";

/** Gives a session a new id. One that was never stored is saved under it. */
export async function regenerate(
  state: SessionState,
  saves: SessionSaves,
  graceSeconds: number,
  call: RunningCall,
  turn: Turn<ExclusiveTask>,
): Promise<void> {
  if (state.isReadOnly) throw readOnlyError();
  if (state.hasEnded) throw goneError();
  if (state.stage === "creation-unknown") {
    await refresh(state, undefined).catch((error) => Promise.reject(fillInOutcome(error, "not-applied")));
  }
  const location = await state.newLocation();
  if (!state.isNew) return moveTo(state, location, graceSeconds, call);
  state.location = location;
  return saves.save(state.log.sets, call, turn);
}

async function moveTo(
  state: SessionState,
  location: SessionLocation,
  graceSeconds: number,
  call: RunningCall,
): Promise<void> {
  const { records, commits, events } = state.context;
  const previous = state.location;
  const sets = state.log.sets;
  const plan = planOf(state, sets, location.key, graceSeconds);
  state.abandoned ??= new Set();
  state.abandoned.add(location.key); // it may be there from now on
  try {
    const moved = await commits.alone(previous.key, () => rekey(records, plan, state.snapshot, call));
    state.abandoned?.delete(location.key);
    state.location = location;
    state.log.forget(sets);
    if (moved.stored === undefined) state.stage = "gone";
    state.see(moved);
  } catch (error) {
    if (isGone(error)) state.foundGone();
    if (isGone(error) || !hasUnknownOutcome(error)) state.abandoned?.delete(location.key);
    throw error;
  }
  events.emit({ type: "regenerated", ...location, previousId: previous.id, previousKey: previous.key });
}

/** The unsaved changes are stored with the copy. */
function planOf(
  { context, format, location }: SessionState,
  sets: readonly ChangeSet[],
  to: string,
  graceSeconds: number,
): Rekey {
  const { maxConflicts, records } = context;
  return {
    from: location.key,
    to,
    until: graceSeconds > 0 ? records.times.now() + graceSeconds * 1000 : undefined,
    maxConflicts,
    copyOf: (record, snapshot) => {
      const content = new WorkingCopy(record);
      applySets(sets, content, snapshot, format);
      const tokens = [...sets.map(({ token }) => token), records.createToken()];
      return content.toRecord(format.storesTokens ? withTokens(record.tokens, tokens) : []);
    },
  };
}
