import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 148,
    bug: "the lock of another is released",
    from: "this.#key, { replaces: this.#version }",
    to: "this.#key",
  },
  {
    breaks: "if the lock cannot be released",
    bug: "a change that was made fails",
    from: "      // It expires.",
    to: '      throw new Error("It was not released.");',
  },
  {
    breaks: "a change is not sent when most",
    bug: "a suspended machine does not notice that the lock has ended",
    from: "this.#clock.now() - this.#sinceDate",
    to: "0",
  },
];
