import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a session and a user have no more sockets",
    bug: "there is one socket more than there may be",
    from: "found.group.size < max",
    to: "found.group.size <= max",
  },
  {
    breaks: "a session and a user have no more sockets",
    bug: "a socket takes no place",
    from: "return this.sockets.size + this.#pendingHandshakes;",
    to: "return this.#pendingHandshakes;",
  },
];
