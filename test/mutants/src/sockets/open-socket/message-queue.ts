import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "messages are handled one after the other",
    bug: "a message is handled while another one is",
    from: "if (!this.#isBusy) this.#run();",
    to: "if (this.#waiting.length < MAX_MESSAGES) this.#run();",
  },
  {
    breaks: "messages are handled one after the other",
    bug: "what a message is answered with by an error is not told",
    from: "        this.#host.failed(error);\n",
    to: "",
  },
  {
    breaks: "who sends faster",
    bug: "nobody stops reading when too many messages wait",
    from: "    this.#host.onFull();\n",
    to: "",
  },
  {
    breaks: "who sends faster",
    bug: "nobody reads again when there is room",
    from: "    this.#host.onRoom();\n",
    to: "",
  },
  {
    breaks: "nothing is handled that waits",
    bug: "what waits is handled after the end",
    from: "    this.#waiting = [];\n  }",
    to: "  }",
  },
];
