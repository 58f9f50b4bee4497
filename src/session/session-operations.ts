import type { RunningCall } from "../backend/call.ts";
import { replaceOutcome } from "../errors.ts";
import type { SessionState } from "./session-state.ts";

// The operations of a session on the store, except saves and changes of its id.

export async function refresh(state: SessionState, signal: AbortSignal | undefined): Promise<void> {
  if (state.isNew) return;
  if (state.isOver) throw state.foundGone();
  const snapshot = await state.context.records.read(state.location.key, true, signal);
  if (snapshot.stored === undefined) throw state.foundGone();
  if (snapshot.stored.record.forward) throw state.foundGone(true);
  state.see(snapshot);
}

/** Returns `true` if a touch would send nothing. */
export function isJustTouched(state: SessionState): boolean {
  return !state.isOver && state.context.records.keepAlive.isJustTouched(state.location.key, state.base);
}

/** Restarts the time to live. */
export async function touch(state: SessionState, signal: AbortSignal | undefined, call: RunningCall): Promise<void> {
  if (state.isNew) return;
  call.sent = true;
  const { records } = state.context;
  if (state.isOver || !(await records.keepAlive.touch(state.location.key, state.base, signal))) throw state.foundGone();
}

export async function destroy(state: SessionState, call: RunningCall): Promise<void> {
  const { commits, endings, events } = state.context;
  const { id, key, forward } = state.location;
  // A session found to be gone may have moved.
  const mayBeThere = !state.isNew && state.stage !== "destroyed";
  const isNews = mayBeThere && state.stage !== "gone";
  const keys = mayBeThere ? [...(state.abandoned ?? []), forward?.key ?? key] : [...(state.abandoned ?? [])];
  call.sent = keys.length > 0;
  let hasEnded = false;
  for (const each of new Set(keys)) {
    await commits
      .alone(each, () => endings.end(each))
      .catch((error) => Promise.reject(hasEnded ? replaceOutcome(error, "unknown") : error));
    hasEnded = true;
  }
  state.abandoned = undefined;
  state.stage = "destroyed";
  if (isNews) events.emit({ type: "ended", id, key, reason: "destroyed" });
}
