import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 113, bug: "the id is stored in clear", from: "PREFIX + hashOf(key)", to: "PREFIX + key" },
  {
    breaks: 26,
    bug: "a hash is cut, so that two ids may share it",
    from: "toBase64Url(sha256(encoder.encode(key)))",
    to: "toBase64Url(sha256(encoder.encode(key)).slice(0, 3))",
  },
  {
    breaks: 26,
    bug: "each process has a secret of its own",
    from: 'createKeyHash(typeof secret === "string" ? secret : secret.slice())',
    to: "createKeyHash(String(Math.random()))",
  },
];
