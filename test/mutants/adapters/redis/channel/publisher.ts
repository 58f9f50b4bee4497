import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 114,
    bug: "the last message that waits is sent first",
    from: "this.#waiting.push(text)",
    to: "this.#waiting.unshift(text)",
  },
  {
    breaks: 115,
    bug: "messages that could not be sent are lost without a word",
    from: "this.#waiting.unshift(...batch);",
    to: "",
  },
  {
    breaks: 115,
    bug: "messages for which there was no room are lost without a word",
    from: "this.#waiting = [];\n    this.#owesGap = true;",
    to: "this.#waiting = [];",
  },
  {
    breaks: 115,
    bug: "the connection that did not answer is used again",
    from: "if (this.#hasFailed) await",
    to: "if (wire === undefined) await",
  },
  {
    breaks: 115,
    bug: "a server that was succeeded has got everything through",
    from: "this.#publishedOn = undefined;\n    this.#owesGap = true;",
    to: "this.#publishedOn = undefined;",
  },
  {
    breaks: 115,
    bug: "messages are published on a replica",
    from: "connections.send(wire.name, call, this.#checkMaster)",
    to: "connections.send(wire.name, call, async () => {})",
  },
];
