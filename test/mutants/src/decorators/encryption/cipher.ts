import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 139,
    bug: "a record that was moved is accepted",
    from: "additionalData.set(bytesOfId, header.length);",
    to: "additionalData.fill(0, header.length);",
  },
  {
    breaks: 43,
    bug: "a record that cannot be decrypted is taken for plaintext",
    from: 'throw new SessionError("corrupt", "The encrypted session was altered, or belongs under another id.");',
    to: "return this.#plaintext(stored);",
  },
];
