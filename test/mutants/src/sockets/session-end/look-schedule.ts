import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "messages keep a session alive",
    bug: "use is not noted",
    from: "    this.#isUseDue = true;\n",
    to: "",
  },
  {
    breaks: "messages keep a session alive",
    bug: "each look keeps a session alive",
    from: "    const isDue = this.#isUseDue;\n",
    to: "    const isDue = true;\n",
  },
  {
    breaks: "a session that expires between two looks",
    bug: "the next look comes whenever it is due, and not at the expiry",
    from: "untilExpiryMs > 0 ? Math.min(delayMs, untilExpiryMs) : delayMs",
    to: "delayMs",
  },
  {
    breaks: "a socket whose session nobody can look at",
    bug: "a look that has failed counts as one",
    from: "if (used) this.#usedAt = this.#now() - this.#keepAliveEveryMs + RETRY_AFTER_MS;",
    to: "this.#seenAt = this.#now();",
  },
  {
    breaks: "a session that has ended elsewhere",
    bug: "there is no look after the first",
    from: "    this.#lookIn(this.#lookEveryMs);\n  }\n\n  /** Records that the store has just",
    to: "  }\n\n  /** Records that the store has just",
  },
];
