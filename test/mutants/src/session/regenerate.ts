import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 96,
    bug: "a new session is not stored with its new id",
    from: "return saves.save(state.log.sets, call, turn)",
    to: "return",
  },
  {
    breaks: 96,
    bug: "a move begins a new lifetime",
    from: "WorkingCopy(record",
    to: "WorkingCopy({ ...record, metadata: records.create().metadata }",
  },
];
