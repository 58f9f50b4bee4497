import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 38,
    bug: "a task that its caller has left is waited for until the end of the process",
    from: "this.#withinMs + OVERDUE_MS",
    to: "Number.MAX_VALUE",
  },
];
