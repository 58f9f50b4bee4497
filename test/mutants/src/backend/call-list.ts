import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 38, bug: "there is no deadline", from: "this.#timeoutMs === undefined", to: "this.#timeoutMs !== 0" },
  {
    breaks: 38,
    bug: "all end with the oldest",
    from: "if (call.begunAt <= dueUntil) call",
    to: "call",
  },
  {
    breaks: 38,
    bug: "a call that ends takes the deadline of those that came after it",
    from: "if (oldest.begunAt > dueUntil) this.#setTimer(now, timeoutMs);\n    else this",
    to: "if (oldest.begunAt <= dueUntil)\n      this",
  },
  {
    breaks: 70,
    bug: "timers are forgotten",
    from: "    if (this.#oldest === undefined && this.#clock !== systemClock) this.clearTimer();\n",
    to: "",
  },
];
