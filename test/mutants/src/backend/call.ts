import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 32,
    bug: "a failed read reads as absence",
    from: "() && reject",
    to: "() && (changes ? reject : resolve as never as typeof reject)",
  },
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
    from: "return request(",
    to: "return Promise.race([request(), new Promise((r) => setImmediate(r)).then(() => request())]",
  },
  { breaks: 38, bug: "there is no deadline", from: "timeoutMs === undefined", to: "timeoutMs !== 0" },
  { breaks: 40, bug: "a closed handler goes on working", from: "    this.#closed = true;\n", to: "" },
  { breaks: 70, bug: "timers are forgotten", from: "        cancelTimer?.();\n", to: "" },
  {
    breaks: 71,
    bug: "a late rejection is nobody's",
    from: "attempt(body, call).then",
    to: "const running = attempt(body, call); void running.then(() => {});\n      running.then",
  },
];
