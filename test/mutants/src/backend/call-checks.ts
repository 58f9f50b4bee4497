import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 31, bug: "the limit is off by one", from: "| byteLength <=", to: "| byteLength <" },
  {
    breaks: 33,
    bug: "any data passes",
    from: 'ArrayBuffer.isView(value) && (value as Partial<Uint8Array>)[Symbol.toStringTag] === "Uint8Array"',
    to: "value !== undefined",
  },
  { breaks: 35, bug: "the id is in the message", from: '"not well-formed"', to: "id" },
  {
    breaks: "arguments that are not a prefix, cursor, signal or options of a listing are refused",
    bug: "an empty cursor begins anew",
    from: '(typeof cursor === "string" && cursor !== "")',
    to: 'typeof cursor === "string"',
  },
];
