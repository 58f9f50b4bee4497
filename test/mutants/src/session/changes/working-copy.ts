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
  {
    breaks: 143,
    bug: "an attribute is read after its end",
    from: "return this.hasEndedAt(now, name) ? undefined : this.attributes.get(name);",
    to: "return this.attributes.get(name);",
  },
  {
    breaks: 143,
    bug: "a save of another attribute loses the ends",
    from: "...(this.#ends && { attributeEnds: this.#ends.toMap() }),",
    to: "attributeEnds: this.#ends?.toMap(),",
  },
  {
    breaks: 143,
    bug: "updates that share a write lose their ends",
    from: "this.#ends?.applyTo(content.ends);",
    to: "",
  },
  {
    breaks: 143,
    bug: "an attribute that is set again keeps its old end",
    from: " || this.#ends || this.#origin.attributeEnds",
    to: "",
  },
];
