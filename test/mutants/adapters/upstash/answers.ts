import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 32,
    bug: "a page of something else is taken for absence",
    from: "  throw strangeAnswer(answer);\n}\n\n/** Returns the session",
    to: "  return null;\n}\n\n/** Returns the session",
  },
  {
    breaks: 32,
    bug: "a null in the place of the answers is taken for absence",
    from: "  if (Array.isArray(content)) {",
    to: "  if (content === null) return null;\n  if (Array.isArray(content)) {",
  },
  {
    breaks: 34,
    bug: "an error that answers for all commands counts as if none had been executed",
    from: "refusalOfAll(answer, content.error)",
    to: "refusal(answer, content.error)",
  },
  {
    breaks: 36,
    bug: "all calls of a turn have the first answer",
    from: "content: content[index]",
    to: "content: content[0]",
  },
  {
    breaks: 24,
    bug: "the version is another one than over TCP",
    from: "sha1Hex(data)}:",
    to: "sha1Hex(data.subarray(1))}:",
  },
  {
    breaks: 23,
    bug: "a version is that of bytes that were changed in place",
    from: "data: stored.slice(),",
    to: "data: stored,",
  },
];
