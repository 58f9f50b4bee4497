import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "two conflicts in a row lead to a roster",
    bug: "nobody ever leaves the line",
    from: "      void this.leave();\n",
    to: "",
  },
  {
    breaks: "who has the turn makes one write after the other",
    bug: "nobody passes the turn on",
    from: "await this.#change(passOn)",
    to: "await this.#record.look()",
  },
  {
    breaks: "a turn on a slow store",
    bug: "a turn may end before anything is done in it",
    from: "MIN_COMMITS = 8",
    to: "MIN_COMMITS = 0",
  },
  {
    breaks: "whoever stands before it and does not move",
    bug: "who has died is waited for",
    from: "STALE_MS = 80",
    to: "STALE_MS = 800",
  },
  {
    breaks: "who waits tries its luck",
    bug: "the line is waited for without an end",
    from: "MAX_WAIT_MS = 1000",
    to: "MAX_WAIT_MS = 1e6",
  },
];
