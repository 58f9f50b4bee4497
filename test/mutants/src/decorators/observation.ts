import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 136,
    bug: "a failure is reported as an answer",
    from: "observer.failed?.(errorFor(call, error))",
    to: 'observer.answered?.("done")',
  },
  {
    breaks: 136,
    bug: "an observer hears of an answer after the caller",
    from: "        this.#safely(() => observer.answered?.(resultOf(call.kind, result)));\n",
    to: "        setTimeout(() => observer.answered?.(resultOf(call.kind, result)));\n",
  },
  {
    breaks: 137,
    bug: "an observer that throws fails the operation",
    from: "      this.#report(error);\n      return undefined;\n",
    to: "      throw error;\n",
  },
  {
    breaks: 137,
    bug: "an observer that throws is ignored in silence",
    from: "      this.#onError(error);\n",
    to: "",
  },
  {
    breaks: 137,
    bug: "a rejection of an observer goes unhandled",
    from: "if (isPromise<unknown>(result)) result.then",
    to: "if (false) (result as Promise<unknown>).then",
  },
  {
    breaks: 137,
    bug: "an observer that passes a call on twice asks the store twice",
    from: "answer ??= attempt(ask);\n    };",
    to: "answer = attempt(ask);\n    };",
  },
  {
    breaks: 137,
    bug: "calls are counted when nobody listens",
    from: "this.#observer.isListening !== false",
    to: "true",
  },
  {
    breaks: 138,
    bug: "an observer gets the foreign error, in which an id may stand",
    from: '"The handler failed in an unexpected way.", { outcome }',
    to: '"The handler failed in an unexpected way.", { outcome, cause: error }',
  },
];
