import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 121,
    bug: "a process hears its own messages",
    from: " || message.from === this.#name",
    to: "",
  },
  {
    breaks: 121,
    bug: "what was found to be gone is told to everybody",
    from: 'if (event.type === "ended" && event.reason === "gone") return;',
    to: "",
  },
  {
    breaks: 122,
    bug: "messages name sessions by their keys",
    from: "keyHash: this.hashOf(key), from",
    to: "keyHash: key, from",
  },
  {
    breaks: 123,
    bug: "an operation fails with the channel",
    from: "} catch {",
    to: "} catch (error) {\n        throw error;",
  },
];
