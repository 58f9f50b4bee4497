import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 49,
    bug: "a late reply to a ping is a sign of life",
    from: "state.observe(() => this.#pings.run(false, undefined, (call",
    to: "this.#pings.run(false, undefined, (call) => state.observe((",
  },
  {
    breaks: 51,
    bug: "who cannot reconnect tries once more",
    from: "}\n    }\n    throw",
    to: "  await this.#reconnects.run(false, undefined, (call) => this.#reconnect(connection, call)).catch(() => {});\n      }\n    }\n    throw",
  },
  {
    breaks: 53,
    bug: "a failed check is remembered for ever",
    from: "await failureOf(this.#check(state, connection",
    to: "((state as any).failure ??= await failureOf(this.#check(state, connection)",
  },
  {
    breaks: 60,
    bug: "a failed ping is the end of it",
    from: ";\n        failures.push(error)",
    to: ";\n        throw error",
  },
  {
    breaks: 60,
    bug: "what a call has learned is noted of the connection that it began with, and of no other",
    from: "used === meant ? undefined",
    to: "used ? undefined",
  },
  {
    breaks: 60,
    bug: "all connections are one",
    from: "undefined : this.#handler.connectionOf?.(id)",
    to: "undefined : undefined",
  },
  { breaks: 62, bug: "0 is taken for the default", from: "everySeconds *", to: "(everySeconds || 20) *" },
  {
    breaks: 67,
    bug: "who leaves takes the check with him",
    from: "ready({ id, changes }: Operation): MaybePromise<OperationObserver> {",
    to: 'ready({ id, changes, signal }: Operation): MaybePromise<OperationObserver> {\n      signal?.addEventListener("abort", () => this.#pings.close());',
  },
  {
    breaks: 68,
    bug: "a connection that comes too late stays open",
    from: "    if (this.#isClosed) await this.#handler.close();\n",
    to: "",
  },
  {
    breaks: 73,
    bug: "an error reply to a ping counts as an answer",
    from: "call.signal));\n  }",
    to: "call.signal)).catch(() => {});\n  }",
  },
  {
    breaks: 75,
    bug: "a handler without ping is reconnected when idle",
    from: "ping !== undefined && ",
    to: "",
  },
  {
    breaks: 77,
    bug: "a check is noted only after it has begun",
    from: "this.#checks.set(state, queue",
    to: "Promise.resolve().then(() => this.#checks.set(state, queue)",
  },
  { breaks: 78, bug: "everyone reconnects", from: "    this.#checks.set(state, queue);\n", to: "" },
  {
    breaks: 111,
    bug: "a check that nobody makes is waited for for ever",
    from: "this.#checkTimeoutMs);\n    this.#checks",
    to: "Infinity);\n    this.#checks",
  },
  {
    breaks:
      "an idle connection is checked before a listing, and a connection on which a listing has failed is checked before any call",
    bug: "a listing has a connection of its own",
    from: "id === undefined ? undefined :",
    to: 'id === undefined ? "list" :',
  },
  {
    breaks: "after all connections were replaced for a listing, none of them is checked individually",
    bug: "that all were replaced is not noted of each",
    from: "        this.#states.renew(connection",
    to: "        state.renew(",
  },
  {
    breaks: "of several connections, the known ones are checked individually before a listing, and then all of them",
    bug: "connections that need no check are checked as well",
    from: ".filter(([, state]) => this.#isCheckDue(state))",
    to: "",
  },
];
