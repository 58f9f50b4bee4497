import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 96,
    bug: "each use of the old id prolongs its grace time",
    from: "Math.ceil((record.forward.until - now) / 1000)",
    to: "idleTimeoutSeconds",
  },
  {
    breaks: 99,
    bug: "an attribute __proto__ is lost in the native format",
    from: "Object.fromEntries(attributes",
    to: "[...attributes].reduce((all, [name, value]) => Object.assign(all, { [name]: value }), {}",
  },
];
