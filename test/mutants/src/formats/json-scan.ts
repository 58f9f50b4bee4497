import type { QuotedMutant } from "../../quoted.ts";

const ofJson = "JSON is refused where a name stands twice, however it is written";
const ofTexts = "a record is written as if nothing of its text had been kept";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: ofJson,
    bug: "colons in texts count as those of members",
    from: "if (unit === QUOTE) index = closingQuote(json, index);\n    else if (unit === COLON",
    to: "if (unit === COLON",
  },
  {
    breaks: ofJson,
    bug: "a text ends at a quotation mark that is escaped",
    from: "backslashes % 2 === 1",
    to: "false",
  },
  {
    breaks: ofJson,
    bug: "a text ends behind a backslash that is escaped",
    from: "backslashes % 2 === 1",
    to: "backslashes > 0",
  },
  {
    breaks: ofJson,
    bug: "a colon behind white space is taken for none between a name and a value",
    from: "before === QUOTE || before <= SPACE",
    to: "before === QUOTE",
  },
  {
    breaks: ofTexts,
    bug: "a text in the bytes ends at a quotation mark that is escaped",
    from: "json[index] === BACKSLASH ? 2 : 1",
    to: "1",
  },
  {
    breaks: ofTexts,
    bug: "a bracket in a text ends the value that it stands in",
    from: "if (byte === QUOTE) index = endOfString(json, index);\n    else if (byte === OPENING",
    to: "if (byte === OPENING",
  },
];
