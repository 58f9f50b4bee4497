import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 146, bug: "a destroy takes no lock", from: ' || kind === "destroy"', to: "" },
  {
    breaks: "sessions do not wait for each other, and reads",
    bug: "reads and touches take the lock as well",
    from: '(kind === "write" || kind === "destroy") && ',
    to: "",
  },
  {
    breaks: "locks of any process",
    bug: "locks are listed as sessions",
    from: 'operation.kind === "list"',
    to: "false",
  },
  {
    breaks: "a change that is not answered within half",
    bug: "a change may be sent when its lock has ended",
    from: "lockSeconds * 500",
    to: "lockSeconds * 5000",
  },
  {
    breaks: "a close releases the locks",
    bug: "a close leaves its locks to PHP",
    from: "      await locks.close();\n",
    to: "",
  },
];
