import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a function that says nothing of an origin",
    bug: "whatever a function answers allows an origin",
    from: "(await allows(origin, request.raw)) === true",
    to: "Boolean(await allows(origin, request.raw))",
  },
  {
    breaks: "a page may connect from an allowed origin",
    bug: "a request without an origin is let in",
    from: "origin === undefined ? allowMissingOrigin :",
    to: "origin === undefined ? true :",
  },
  {
    breaks: "a page may connect from an allowed origin",
    bug: "a pattern allows what begins like it",
    from: ")}$`);",
    to: ")}`);",
  },
  {
    breaks: "a page may connect from an allowed origin",
    bug: "a dot of a pattern stands for anything",
    from: "text.replace(/[.*",
    to: "text.replace(/[*",
  },
  {
    breaks: "a page may connect from an allowed origin",
    bug: "a pattern allows what ends like it",
    from: 'const label = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?";',
    to: 'const label = ".+";',
  },
];
