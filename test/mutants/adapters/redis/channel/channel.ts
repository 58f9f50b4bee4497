import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 115,
    bug: "the gap of another publisher is no gap",
    from: "if (text !== this.#gapText) this.#listeners.gap();",
    to: "",
  },
  {
    breaks: 118,
    bug: "closing leaves those who hear",
    from: "    this.#listeners.clear();\n    this.#stopHearing();\n",
    to: "",
  },
  {
    breaks: 118,
    bug: "one can subscribe to a closed channel",
    from: "if (this.#closing !== undefined) return () => {};",
    to: "",
  },
  {
    breaks: 119,
    bug: "closing leaves the connection of the subscriber",
    from: 'hearing.signal.addEventListener("abort", () => connections.close());',
    to: "",
  },
  {
    breaks: 119,
    bug: "closing leaves the connection of the publisher",
    from: 'this.#ending.signal.addEventListener("abort", () => connections.close());',
    to: "",
  },
];
