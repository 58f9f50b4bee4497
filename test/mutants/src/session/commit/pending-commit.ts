import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 87,
    bug: "an update is taken for repeatable",
    from: "get isRepeatable(): boolean {\n    return false",
    to: "get isRepeatable(): boolean {\n    return true",
  },
  {
    breaks: 85,
    bug: "of those who save together, only the first one's changes are stored",
    from: "if (!isAlone) savepoint",
    to: "if (!isAlone && commit === commits[0]) savepoint",
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
    from: "return record.forward ?",
    to: "return record.forward || beginning ?",
  },
  {
    breaks: 93,
    bug: "the second creation replaces the first",
    from: "record && new WorkingCopy(record)",
    to: "commits[0]?.beginning === undefined ? record && new WorkingCopy(record) : undefined",
  },
  {
    breaks: 97,
    bug: "saving over a forward makes a session of it",
    from: "return record.forward ?",
    to: "return record.forward === null ?",
  },
];
