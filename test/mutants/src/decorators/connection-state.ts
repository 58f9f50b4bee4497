import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 47,
    bug: "the sign of life is dated back to the sending",
    from: "if (!this.#isUsed) this.#giveSign();\n  }\n\n  answered(): void {\n    this.#giveSign();",
    to: "this.#giveSign();\n  }\n\n  answered(): void {",
  },
  {
    breaks: 48,
    bug: "a check is a sign of life before it has an answer",
    from: "if (!this.#isUsed) this",
    to: "this",
  },
  {
    breaks: 52,
    bug: "a reconnection follows every failure",
    from: ':\n      return "ping',
    to: ':\n      return "reconnect',
  },
  {
    breaks: 61,
    bug: "an operation that ran out of time is not held against the connection",
    from: '    case "timeout":\n',
    to: "",
  },
  {
    breaks: 63,
    bug: "Infinity is taken for a number of seconds",
    from: ">= limitMs;",
    to: ">= Math.min(limitMs, 2 ** 31);",
  },
  { breaks: 73, bug: "an operation that is failed is forgotten", from: '    case "failed":\n', to: "" },
  {
    breaks: 74,
    bug: "a replica is pinged and believed",
    from: 'reconnect"; // a demoted master still answers pings',
    to: 'ping";',
  },
  { breaks: 76, bug: "a new connection is pinged", from: ") return false", to: ") return true" },
];
