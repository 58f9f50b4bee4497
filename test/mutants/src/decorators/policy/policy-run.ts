import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 135,
    bug: "a policy makes a change again that may have been applied",
    from: "this.#latest && this.#mayBeApplied",
    to: "this.#latest && false",
  },
  {
    breaks: "a policy that runs a change twice, in turn or at once",
    bug: "a change under way is made a second time",
    from: "    this.#mayBeApplied = changes;\n",
    to: "",
  },
  { breaks: 135, bug: "nothing is run again", from: "this.#latest && this.#mayBeApplied", to: "this.#latest" },
  {
    breaks: "a run after the policy has ended",
    bug: "a policy that has ended still runs an operation",
    from: "this.#isOver ? Promise.reject(tooLate()) : this",
    to: "this",
  },
  {
    breaks: "what a policy answers in place of the store",
    bug: "a fallback makes an outage an absence",
    from: "      await policy.execute((context) => this.#run(context?.signal), this.#operation.signal);",
    to: "      return (await policy.execute((context) => this.#run(context?.signal), this.#operation.signal)) as T;",
  },
  {
    breaks: "a change under way when its policy ends",
    bug: "a change that a policy ends counts as not applied",
    from: 'this.#mayBeApplied ? "unknown" : "not-applied"',
    to: '"not-applied"',
  },
  {
    breaks: "an error that a policy keeps from an earlier run",
    bug: "an outcome of an earlier run is believed",
    from: "outcome ? replaceOutcome(error, outcome) : error",
    to: "error",
  },
  {
    breaks: "a run that the policy aborts",
    bug: "the signal of the policy takes the place of the caller's",
    from: "AbortSignal.any([own, signal])",
    to: "signal",
  },
  {
    breaks: "a run that the policy aborts",
    bug: "an abort by the policy is reported as one by the caller",
    from: ' && error.code !== "aborted"',
    to: "",
  },
];
