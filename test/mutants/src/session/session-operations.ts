import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 92,
    bug: "a touch does not notice the end",
    from: "!(await records.keepAlive.touch(state.location.key, state.base, signal)",
    to: "(await records.keepAlive.touch(state.location.key, state.base, signal), false",
  },
  {
    breaks: 92,
    bug: "a refresh makes a new session of an ended one",
    from: " === undefined) throw state.foundGone();\n  if (snapshot.stored.record.forward",
    to: "?.record.forward",
  },
  {
    breaks: 101,
    bug: "a refresh shows what was seen before",
    from: "await state.context.records.read(state.location.key, true, signal)",
    to: "state.snapshot",
  },
];
