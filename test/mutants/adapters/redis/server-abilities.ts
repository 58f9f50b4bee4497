import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a command that is refused on one connection",
    needs: "Valkey",
    bug: "what one connection was refused counts for all",
    from: "this.#missing.set(client, (this.#missing.get(client) ?? new Set()).add(name));",
    to: "const names = (this.#missing.get(client) ?? new Set()).add(name);\n    this.#missing.get = () => names;",
  },
];
