import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 84,
    bug: "a change in place throws without a word on what to do instead",
    from: "new Proxy(Object.freeze(frozen) as object, refuseChanges) as Json",
    to: "Object.freeze(frozen)",
  },
  { breaks: 84, bug: "only the outermost level is read-only", from: "value.map(readOnly)", to: "[...value]" },
];
