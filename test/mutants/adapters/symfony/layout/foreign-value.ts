import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a value of another session",
    bug: "a Serializable object is copied",
    from: '      if (node.kind === "serializable") throw notSelfContained();\n',
    to: "",
  },
  {
    breaks: "a value of another session",
    bug: "unknown numbers are taken for its own",
    from: '      if ("isKnown" in node && !node.isKnown) throw notSelfContained();\n',
    to: "",
  },
];
