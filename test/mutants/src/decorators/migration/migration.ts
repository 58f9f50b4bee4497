import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "whatever is lost on the way to its hashed key, it is one session, whose id leaves the store",
    bug: "a session ends at its new key and stays at its old one",
    from: '      if (found.location !== "ended") await after(this.#from.destroy(key, withCancellation({}, call)));\n',
    to: "",
  },
  {
    breaks: "whatever is lost on the way between two stores, it is one session",
    bug: "an end whose reply was lost counts as not applied",
    from: "this.#mover.end(key, found, call",
    to: "before(this.#mover.end(key, found, call)",
  },
];
