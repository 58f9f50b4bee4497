import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 81, bug: "a message takes no room", from: "maxBytes, target.content.bytes", to: "100_000" },
  {
    breaks: 82,
    bug: "taking no message is a change",
    from: "if (entries === undefined) return [];\n        this.#perform(takeFlashes(type, entries))",
    to: "this.#perform(takeFlashes(type, entries ?? []));\n        if (entries === undefined) return []",
  },
  {
    breaks: 84,
    bug: "get hands out a copy, whose changes are lost",
    from: "this.#target.shared.views.of(this.#attribute(name)",
    to: "this.copy(name",
  },
  {
    breaks: 87,
    bug: "of a function, only its first result is kept",
    from: "updateAttribute(checkName(name), changeNow, this.#target.shared",
    to: "setAttribute(name, acceptedValue(name, changeNow(this.copy(name)), this.#target.content, this.#target.shared), undefined",
  },
  {
    breaks: 95,
    bug: "a look at the messages eats them",
    from: "(target.content.flashes.get(checkName(type)) ?? []).map(({ value }) => target.shared.views.of(value)",
    to: "this.flash.take(type",
  },
];
