import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a policy that runs an operation again",
    bug: "the arguments are not kept for another run",
    from: "      operation.keepArguments();\n",
    to: "",
  },
];
