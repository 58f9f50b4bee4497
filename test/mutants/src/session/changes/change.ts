import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 81,
    bug: "the value of an attribute takes no room",
    from: "(value, room)",
    to: "(value, new Room(100_000))",
  },
  {
    breaks: 84,
    bug: "set keeps the caller's object",
    from: ": copy;",
    to: ": (value as Json);",
  },
  {
    breaks: 87,
    bug: "a function is taken for repeatable",
    from: "false,\n    apply(content",
    to: "true,\n    apply(content",
  },
  { breaks: 91, bug: "a message is taken for repeatable", from: "false,\n    apply:", to: "true,\n    apply:" },
  { breaks: 95, bug: "taking removes all there is", from: "left.length === 0 ? undefined : left", to: "undefined" },
  {
    breaks: 95,
    bug: "taking a message takes all that are equal to it",
    from: "left.splice(index, 1",
    to: "left.splice(0, left.length, ...left.filter((entry) => entry.id !== id)",
  },
  {
    breaks: 100,
    bug: "of one attribute, the first that was saved stays",
    from: "apply: (content) => content.setAttribute(name, value",
    to: "apply: (content) => content.attributes.get(name) || content.setAttribute(name, value",
  },
  {
    breaks: 143,
    bug: "a function sees an attribute that has ended",
    from: "content.attributeAt(rules.times.now(), name)",
    to: "content.attributes.get(name)",
  },
];
