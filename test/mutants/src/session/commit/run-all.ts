import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 85,
    bug: "of those who save together, only the first one's changes are stored",
    from: "if (!isAlone) savepoint",
    to: "if (!isAlone && pending === commits[0]) savepoint",
  },
  {
    breaks: 91,
    bug: "what has failed leaves half of its changes, without a token",
    from: "new WorkingCopy(content)",
    to: "content",
  },
  {
    breaks: 93,
    bug: "the second creation is refused",
    from: "if (hasMoved ||",
    to: "if (hasMoved || (record && beginning) ||",
  },
  {
    breaks: 93,
    bug: "the second creation replaces the first",
    from: "record && new WorkingCopy(record)",
    to: "commits[0]?.commit.beginning === undefined ? record && new WorkingCopy(record) : undefined",
  },
  {
    breaks: 97,
    bug: "saving over a forward makes a session of it",
    from: "record?.forward !== undefined",
    to: "record?.forward === null",
  },
];
