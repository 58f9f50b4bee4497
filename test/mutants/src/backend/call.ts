import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 34, bug: "a lost reply counts as not applied", from: "this.sent = true;\n    ", to: "" },
  {
    breaks: 34,
    bug: "what was never sent counts as unknown",
    from: "this.sent = this.#hasSent",
    to: "void this.#hasSent",
  },
  {
    breaks: 34,
    bug: "what was sent counts as not sent when the backend says so afterwards",
    from: "this.#hasSent;",
    to: "false;",
  },
  {
    breaks: 36,
    bug: "a call without an answer is sent again",
    from: "return attempt(request)",
    to: "return Promise.race([request(), new Promise((r) => setImmediate(r)).then(() => request())])",
  },
];
