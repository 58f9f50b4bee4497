import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 124,
    bug: "the list is changed after the session",
    from: `      await this.#entries.enter(binding, turn).catch((error) => Promise.reject(replaceOutcome(error, "not-applied")));
`,
    to: "",
  },
  {
    breaks: 124,
    bug: "what stands in the list is not confirmed after the session is stored",
    from: "if (isBound) await this.#confirm(binding, turn).catch((error) => this.#refuse(error, binding, result, take));",
    to: "if (isBound) this.#unconfirmed.delete(key);",
  },
  {
    breaks: 124,
    bug: "a sign-out stays in the list",
    from: "if (result.isWritten && user === undefined) await this.release(before, key);",
    to: "if (result.isWritten && user === undefined) return result;",
  },
  {
    breaks: 124,
    bug: "a binding that was refused stays in the list",
    from: "      else await this.#withdraw(binding, turn);\n",
    to: "",
  },
  {
    breaks: 125,
    bug: "a session that gets another id is a new one",
    from: "const from = this.userOf(origin?.record) === user ? origin?.key : undefined;",
    to: "const from = undefined;",
  },
];
