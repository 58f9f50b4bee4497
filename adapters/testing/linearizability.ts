import type { HistoryCall, HistoryEntry } from "./history.ts";

/**
 * Whether a history can be explained; `"unknown"` when the search was given up, which is no success.
 *
 * @public
 */
export type Verdict = "linearizable" | "not linearizable" | "unknown";

/** The content of the session; every write has a content of its own. */
type State = string | undefined;

/**
 * Whether the calls on one id can be put into one order that explains all answers and in which no call comes before one that had
 * ended when it started (Wing and Gong, "Testing and Verifying Concurrent Objects", 1993). Expiry is not considered: let sessions
 * live long.
 *
 * @param maxStates - After so many states the search is given up.
 *
 * @public
 */
export function checkLinearizability(history: readonly HistoryEntry[], maxStates = 100_000): Verdict {
  // Those whose answer is known come first: they leave fewer ways to go on.
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

/** What a single call does to a session when no other call is under way. */
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

/**
 * How the content of a session is written in the answers of a history.
 *
 * @public
 */
export function describeContent(content: string | undefined): string {
  return content === undefined ? "nothing" : `"${content}"`;
}
