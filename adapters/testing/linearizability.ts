import { describeContent, type HistoryCall, type HistoryEntry } from "./history-entry.ts";

/**
 * The verdict on a history: `true` if it can be explained; `"unknown"` if the search was given up, which is not a
 * success.
 *
 * @public
 */
export type Verdict = "linearizable" | "not linearizable" | "unknown";

/** The content of the session; every write has unique content. */
type State = string | undefined;

/**
 * Decides whether the calls on one id have an order that explains all answers and in which no call precedes one that
 * had ended before it started (Wing and Gong, "Testing and Verifying Concurrent Objects", 1993). Expiry is not
 * modelled: use long times to live.
 *
 * @param maxStates - Maximum number of states, after which the search is given up.
 *
 * @public
 */
export function checkLinearizability(history: readonly HistoryEntry[], maxStates = 100_000): Verdict {
  // Calls with known answers come first, because they leave fewer ways to continue.
  const entries = history.toSorted((a, b) => Number(a.answer === "unknown") - Number(b.answer === "unknown"));
  const hopeless = new Set<string>();
  let isGivenUp = false;
  const found = search(0n, undefined);
  if (found) return "linearizable";
  return isGivenUp ? "unknown" : "not linearizable";

  function search(done: bigint, state: State): boolean {
    const left = [...entries.keys()].filter((index) => (done & (1n << BigInt(index))) === 0n);
    if (left.every((index) => entries[index]?.answer === "unknown")) return true;
    const key = `${done} ${state}`;
    if (hopeless.has(key) || isGivenUp) return false;
    const firstEnd = Math.min(...left.map((index) => entries[index]?.endedAt ?? 0));
    for (const index of left) {
      const entry = entries[index];
      if (entry === undefined || entry.startedAt > firstEnd) continue;
      const next = apply(entry.call, state);
      if (entry.answer !== "unknown" && entry.answer !== next.answer) continue;
      if (search(done | (1n << BigInt(index)), next.state)) return true;
    }
    hopeless.add(key);
    isGivenUp ||= hopeless.size >= maxStates;
    return false;
  }
}

/** Applies a single call to a session while no other call is under way. */
function apply(call: HistoryCall, state: State): { readonly state: State; readonly answer: string } {
  switch (call.kind) {
    case "read":
      return { state, answer: describeContent(state) };
    case "touch":
      return { state, answer: String(state !== undefined) };
    case "write":
      return call.replaces === state
        ? { state: call.data, answer: "written" }
        : { state, answer: `refused: ${describeContent(state)}` };
    case "destroy":
      return state !== undefined && (call.replaces === undefined || call.replaces === state)
        ? { state: undefined, answer: "destroyed" }
        : { state, answer: `refused: ${describeContent(state)}` };
  }
}
