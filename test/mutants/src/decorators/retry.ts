import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a wait is a random part of a maximum",
    bug: "there is no jitter",
    from: "random() * maxWaitMs",
    to: "maxWaitMs",
  },
  {
    breaks: "a wait is a random part of a maximum",
    bug: "the store is asked again before it wants to be",
    from: "retryAfterMs + random",
    to: "random",
  },
  {
    breaks: "a call is not tried again if the store asks for a longer wait",
    bug: "a caller is kept waiting as long as the store likes",
    from: "retryAfterMs > maxDelayMs || ",
    to: "",
  },
  { breaks: 133, bug: "the budget is ignored", from: " || !retries.take()", to: "" },
  {
    breaks: "the next attempt has the arguments of the call",
    bug: "the arguments are not kept for the next attempt",
    from: "operation.keepArguments();",
    to: "",
  },
  {
    breaks: "a close during a wait ends the call",
    bug: "a timer is left after the close",
    from: "      waits.close();\n",
    to: "",
  },
];
