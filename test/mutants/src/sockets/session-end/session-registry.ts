import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "the id of before",
    bug: "nobody remembers which ids were given up",
    from: "    this.#retired.note(event);\n",
    to: "",
  },
  {
    breaks: "all sockets of a session close",
    bug: "a session that ends keeps its sockets",
    from: 'tracked.end(event.reason === "gone" ? "gone" : "destroyed");',
    to: "return;",
  },
  {
    breaks: "all sockets of a session close",
    bug: "a session that has moved is forgotten",
    from: "    this.#add(tracked);\n    if (tracked.group",
    to: "    if (tracked.group",
  },
  {
    breaks: "a session and a user have no more sockets",
    bug: "each socket has a count of its own",
    from: "this.under(key)[0] ?? this.#add(",
    to: "this.#add(",
  },
  {
    breaks: "a session and a user have no more sockets",
    bug: "a user's sockets are not found again",
    from: "    this.#byUser.set(user, group);\n",
    to: "",
  },
];
