import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 92,
    bug: "updating an ended session creates it again",
    from: "super(call);",
    to: "super(call);\n    Object.assign(this, { beginning: context.records.create() });",
  },
];
