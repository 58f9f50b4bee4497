import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 151,
    bug: "a reference counts as a value",
    from: 'hasSlot = source.kind !== "reference"',
    to: "hasSlot = true",
  },
  {
    breaks: "whatever is set, deleted and copied",
    bug: "the array around all members does not count",
    from: '"php_serialize" ? 1 : 0',
    to: '"php_serialize" ? 0 : 0',
  },
  {
    breaks: "an object that is set again",
    bug: "an object is written at each of its places",
    from: "    if (first) {",
    to: "    if (first && !isObject(node)) {",
  },
  {
    breaks: 152,
    bug: "a reference may be moved",
    from: "    if (!at.foreign && !at.isInPlace) throw movedReference();\n",
    to: "",
  },
  {
    breaks: 152,
    bug: "a reference goes with what it refers to",
    from: "if (first === undefined) throw lostTarget();",
    to: "if (first === undefined) return;",
  },
];
