import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 83,
    bug: "two saves at once save the same changes",
    from: "this.#turns.alone((turn) => {\n      if (this.#unfinished) return",
    to: "this.#state.context.commits.createTurns().alone((turn) => {\n      if (!this) return",
  },
  {
    breaks: 89,
    bug: "a failed save forgets the changes",
    from: "if (isNew ",
    to: "this.#state.log.forget(sets);\n        if (isNew ",
  },
  {
    breaks: 89,
    bug: "what was too large once is refused for ever",
    from: "this.#tooLarge.base?.version !== stored?.version",
    to: "stored === null",
  },
  {
    breaks: 89,
    bug: "a failed save hides the changes",
    from: "if (isNew ",
    to: "Object.defineProperty(this.#state, 'content', { value: new this.#state.content.constructor(this.#state.base) });\n        if (isNew ",
  },
  {
    breaks: 90,
    bug: "changes made during a running save are forgotten",
    from: "state.log.forget(sets",
    to: "state.log.clear(",
  },
  {
    breaks: 92,
    bug: "saving an ended session creates it again",
    from: "isNew ? context.records.create() : undefined",
    to: "context.records.create()",
  },
  {
    breaks: 92,
    bug: "the id of a creation in doubt is used again",
    from: "        if (isNew && hasUnknownOutcome(error)) await this.#state.abandon(location.key);\n",
    to: "",
  },
  {
    breaks: 93,
    bug: "the second one says, too, that it has created the session",
    from: "commit.latest?.stored === undefined",
    to: "commit.beginning",
  },
  {
    breaks: 111,
    bug: "a session goes on under an id under which it may still be created",
    from: "if (this.#state.context.commits.withdraw(commit) && this.#state.isNew) await this.#state.abandon(key",
    to: "this.#state.context.commits.withdraw(commit",
  },
];
