import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 92,
    bug: "an ended session is forgotten to have ended",
    from: '    if (!this.hasEnded) this.stage = "gone";\n    return',
    to: "    return",
  },
  {
    breaks: 92,
    bug: "a session does not end what it may have created elsewhere",
    from: "    this.abandoned.add(key);\n",
    to: "",
  },
  {
    breaks: 96,
    bug: "what was opened by the old id can be changed",
    from: "this.location.forward !== undefined",
    to: "this.location.forward === null",
  },
  {
    breaks: 90,
    bug: "changes made during a running save are forgotten",
    from: "this.log.forget(sets",
    to: "this.log.clear(",
  },
  {
    breaks: 111,
    bug: "a late answer hides what was saved since",
    from: "isNews ? snapshot : this.snapshot",
    to: "snapshot",
  },
  { breaks: 111, bug: "a session is reported as created after its end", from: "    if (hadEnded) return;\n", to: "" },
  {
    breaks: 111,
    bug: "a session ends twice",
    from: "if (hadEnded) return;\n    if (ends)",
    to: "if (this.hasEnded)",
  },
];
