import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 33, bug: "a word behind the general one is not read", from: "= /^(?:-|ERR )", to: "= /^-" },
  {
    breaks: 33,
    bug: "a word is read wherever it stands",
    from: "] = /^([A-Z]+)",
    to: "] = /\\b(READONLY|OOM|MOVED|NOAUTH|WRONGTYPE)\\b",
  },
  {
    breaks: 34,
    bug: "what a proxy says is taken for an error of the store",
    from: "|upstream/i.test(own",
    to: "/i.test(''",
  },
  { breaks: 43, bug: "another type is just a failure", from: '  WRONGTYPE: "corrupt",\n', to: "" },
  {
    breaks: 73,
    bug: "a server that cannot save counts as dead",
    from: 'MISCONF: "overloaded',
    to: 'MISCONF: "unavailable',
  },
];
