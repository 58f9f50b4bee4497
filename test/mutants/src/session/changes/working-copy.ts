import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 95,
    bug: "a save eats all messages",
    from: "this.#flashes?.toMap() ?? this.#origin.flashes",
    to: "new Map()",
  },
  {
    breaks: 86,
    bug: "a deletion is lost among changes that share a write",
    from: "?? []) overlay.set",
    to: "?? []) if (value !== undefined) overlay.set",
  },
  {
    breaks: 86,
    bug: "a deletion is lost on the way to the record",
    from: "if (value === undefined) map.delete(name);\n      else map",
    to: "if (value !== undefined) map",
  },
];
