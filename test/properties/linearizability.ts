/** A call that was made, on one session, and what came of it. Times are those of the caller. */
export interface HistoryEntry {
  readonly call: Call;
  readonly startedAt: number;
  /** `Infinity` for a call whose outcome is unknown: it may take effect at any time, or never. */
  readonly endedAt: number;
  readonly answer: string | "unknown";
}

export type Call =
  | { readonly kind: "read" }
  | { readonly kind: "touch" }
  | { readonly kind: "write"; readonly replaces: string | undefined; readonly data: string }
  | { readonly kind: "destroy"; readonly replaces: string | undefined };

/** The content of the session; every write has a content of its own. */
type State = string | undefined;

/**
 * Whether the calls can be put into one order that explains all answers and in which no call comes before one that had ended
 * when it started (Wing and Gong, "Testing and Verifying Concurrent Objects", 1993).
 */
export function isLinearizable(history: readonly HistoryEntry[]): boolean {
  const hopeless = new Set<string>();
  return search(0, undefined);

  function search(done: number, state: State): boolean {
    const left = history.filter((_, index) => (done & (1 << index)) === 0);
    if (left.every(({ answer }) => answer === "unknown")) return true;
    const key = `${done} ${state}`;
    if (hopeless.has(key)) return false;
    const firstEnd = Math.min(...left.map(({ endedAt }) => endedAt));
    const found = left
      .filter(({ startedAt }) => startedAt <= firstEnd)
      .some((entry) => {
        const next = apply(entry.call, state);
        if (entry.answer !== "unknown" && entry.answer !== next.answer) return false;
        return search(done | (1 << history.indexOf(entry)), next.state);
      });
    if (!found) hopeless.add(key);
    return found;
  }
}

/** What a single call does to a session when no other call is under way. */
function apply(call: Call, state: State): { readonly state: State; readonly answer: string } {
  switch (call.kind) {
    case "read":
      return { state, answer: describeState(state) };
    case "touch":
      return { state, answer: String(state !== undefined) };
    case "write":
      return call.replaces === state
        ? { state: call.data, answer: "written" }
        : { state, answer: `refused: ${describeState(state)}` };
    case "destroy":
      return state !== undefined && (call.replaces === undefined || call.replaces === state)
        ? { state: undefined, answer: "destroyed" }
        : { state, answer: `refused: ${describeState(state)}` };
  }
}

export function describeState(state: State): string {
  return state === undefined ? "nothing" : `"${state}"`;
}
