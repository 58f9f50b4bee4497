import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "`ids`, `all`, `length` and `clear` leave alone what has a colon after the prefix: another application's",
    bug: "all keys with the prefix are its own",
    from: '!id.includes(":") && ',
    to: "",
  },
  {
    breaks: "a key that holds no session hides no other one from `all`, survives `clear`, and is told of by a warning",
    bug: "nobody is told",
    from: "if (unreadable > 0) warnOf(unreadable);",
    to: "",
  },
  {
    breaks: "a store that cannot be reached makes `all` and `clear` reject, and hides no session",
    bug: "every error is taken for that of a bad record",
    from: ') || (error.code !== "corrupt" && error.code !== "invalid")',
    to: ")",
  },
];
