import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 37,
    bug: "a connection that is replaced goes on",
    from: "this.#current?.giveUp",
    to: "if (!this.#current?.connection.isOpen) this.#current?.giveUp",
  },
  {
    breaks: 38,
    bug: "an attempt never grows too old",
    from: "this.#clock.monotonic() - opening.begunMs >= this.#timeoutMs",
    to: "opening.begunMs === Number.POSITIVE_INFINITY",
  },
  {
    breaks: 67,
    bug: "what is replaced fails for those who wait for it",
    from: 'opening.ending === "replaced" || ',
    to: "",
  },
  {
    breaks: 69,
    bug: "the connection is left open",
    from: "    this.#current?.connection.destroy(closed());\n",
    to: "",
  },
];
