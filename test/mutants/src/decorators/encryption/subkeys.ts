import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 140, bug: "the number in a nonce does not count", from: "    this.#records += 1;\n", to: "" },
  {
    breaks: 140,
    bug: "all processes use one subkey",
    from: "crypto.getRandomValues(new Uint8Array(SALT_BYTES))",
    to: "new Uint8Array(SALT_BYTES)",
  },
];
