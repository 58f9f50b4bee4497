import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 88, bug: "a move never gives up", from: "plan.maxConflicts;", to: "1e6;" },
  {
    breaks: 96,
    bug: "a move is done although the old id has taken a change meanwhile",
    from: "records.destroy(from, old",
    to: "records.destroy(from, old).then(() => ({ isDone: true }) as Ending",
  },
  {
    breaks: 96,
    bug: "the old id is ended whatever it has taken meanwhile",
    from: "records.destroy(from, old",
    to: "records.destroy(from, old).then((ending) => ending.isDone || !ending.snapshot.stored ? ending : records.destroy(from, ending.snapshot.stored)",
  },
  { breaks: 96, bug: "the session is copied only once", from: "= await writeCopy", to: "??= await writeCopy" },
  {
    breaks: 96,
    bug: "a request lost on the way to the old id fails the move",
    from: "!hasUnknownOutcome(error) || !isLostConnection(error)",
    to: "error",
  },
  {
    breaks: 97,
    bug: "of two that move a session, both succeed",
    from: "snapshot.stored.record.forward) throw goneError()",
    to: "snapshot.stored.record.forward) return copy as Snapshot",
  },
  {
    breaks: 97,
    bug: "who loses leaves a copy of the session behind",
    from: "(isGone(error) || !hasUnknownOutcome(error)",
    to: "!isGone(error) && !hasUnknownOutcome(error",
  },
  {
    breaks: 102,
    bug: "a move goes on after it was given up",
    from: "      if (call.ended) throw call.reason;\n",
    to: "",
  },
];
