import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "whatever is lost on the way between two stores, it is one session",
    bug: "what moves between two looks is taken for gone",
    from: "return this.findNew(key, ttlSeconds, call)",
    to: 'return { location: "nowhere" }',
  },
  {
    breaks: "whatever is lost on the way between two stores, it is one session",
    bug: "a session leaves the old store before it is in the new one",
    from: "const created = await this.#to.write(key, data, withCancellation({ replaces: undefined, ttlSeconds }, call));\n    await this.#from.destroy(key, withCancellation({ replaces: version",
    to: "await this.#from.destroy(key, withCancellation({ replaces: version }, call));\n    const created = await this.#to.write(key, data, withCancellation({ replaces: undefined, ttlSeconds",
  },
  {
    breaks: "whatever is lost on the way between two stores, it is one session",
    bug: "the mark is moved with the session",
    from: "data = withoutMoveMarker(old.data)",
    to: "{ data } = old",
  },
  {
    breaks: "whatever is lost on the way between two stores, it is one session",
    bug: "a session is moved that others may change meanwhile",
    from: "version = hasMoveMarker(old.data) ? old.version : await this.#lock(key, old, ttlSeconds, call)",
    to: "{ version } = old",
  },
  {
    breaks: "whatever is lost on the way between two stores, it is one session",
    bug: "a session that has ended in the new store leaves no mark",
    from: "const replaces",
    to: 'if (location === "new") return (await this.#to.destroy(key, { replaces: stored.version })).destroyed;\n    const replaces',
  },
  {
    breaks: "whatever is lost on the way between two stores, it is one session",
    bug: "nobody ends what somebody has left half ended",
    from: "    await this.#from.destroy(key, withCancellation({}, call)); // another process may have stopped before this\n",
    to: "",
  },
  {
    breaks: "whatever is lost on the way between two stores, it is one session",
    bug: "who does not move sessions takes the mark for the session",
    from: " && !hasMoveMarker(old.data)",
    to: "",
  },
];
