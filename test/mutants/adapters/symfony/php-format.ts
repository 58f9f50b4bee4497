import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a name or a value that PHP could not keep",
    bug: "a member may have a name that PHP drops",
    from: "      checkName(name, settings.serializer);\n",
    to: "",
  },
];
