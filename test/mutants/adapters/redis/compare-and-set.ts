import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "what the server refused to replace",
    needs: "Valkey",
    bug: "what is there again after a refusal is not replaced",
    from: "if (reply === null || current?.version !== change.replaces) return",
    to: "if (current?.version !== undefined) return",
  },
  {
    breaks: "what has been changed meanwhile",
    needs: "Valkey",
    bug: "what is there by the time of the look is replaced, whatever it is",
    from: "if (reply === null || current?.version !== change.replaces) return",
    to: "if (reply === null) return",
  },
];
