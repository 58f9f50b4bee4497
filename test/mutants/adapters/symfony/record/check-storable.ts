import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a name or a value that PHP could not keep",
    bug: "a name that UTF-8 cannot represent is refused when it is saved",
    from: "  keyOf(name);\n",
    to: "",
  },
];
