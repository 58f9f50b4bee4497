import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 80,
    bug: "a refresh hides the unsaved changes",
    from: "[...certain, ...(this.#open ?? [])]",
    to: "certain",
  },
  { breaks: 87, bug: "what is found to be applied is applied again", from: "notIn(now, sets)", to: "sets" },
  {
    breaks: 90,
    bug: "changes made during a running save are hidden",
    from: "of [...certain, ...(this.#open ?? [])]",
    to: "of this.#closed.length > 0 ? [...certain, ...(this.#open ?? [])] : []",
  },
  {
    breaks: 90,
    bug: "a second save forgets the first one, which has failed",
    from: "[...this.#closed, new ChangeSet",
    to: "[...this.#closed.slice(1), new ChangeSet",
  },
  {
    breaks: 91,
    bug: "each set is looked for by itself",
    from: "last < 0 ? sets : sets.slice(last + 1)",
    to: "last < 0 ? sets : sets.filter((set) => !set.isIn(now))",
  },
  { breaks: 91, bug: "a set of which nobody can tell is taken for applied", from: "throw undecidable()", to: "return" },
];
