import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a value of another session",
    bug: "an object that has serialized itself is copied",
    from: '      if (node.kind === "serializable") throw notSelfContained();\n',
    to: "",
  },
];
