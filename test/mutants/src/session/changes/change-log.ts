import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 80, bug: "a refresh hides the unsaved changes", from: "[...certain, ...this.#open]", to: "certain" },
  { breaks: 87, bug: "what is found to be applied is applied again", from: "notIn(now, sets)", to: "sets" },
  {
    breaks: 90,
    bug: "changes made during a running save are hidden",
    from: "[...certain, ...this.#open",
    to: "this.#closed.length > 0 ? [...certain, ...this.#open] : [",
  },
  {
    breaks: 90,
    bug: "a second save forgets the first one, which has failed",
    from: "this.#closed.push(",
    to: "this.#closed.splice(0, 1, ",
  },
  {
    breaks: 91,
    bug: "each set is looked for by itself",
    from: "sets.slice(sets.findLastIndex((set) => set.isIn(now)) + 1",
    to: "sets.filter((set) => !set.isIn(now)",
  },
  { breaks: 91, bug: "a set of which nobody can tell is taken for applied", from: "throw undecidable()", to: "return" },
];
