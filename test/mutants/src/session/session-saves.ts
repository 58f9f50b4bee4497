import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 89,
    bug: "a failed save forgets the changes",
    from: "const { error } = result;",
    to: "const { error } = result;\n    this.#state.log.forget(sets);",
  },
  {
    breaks: 89,
    bug: "what was too large once is refused for ever",
    from: "base.stored?.version !== stored?.version",
    to: "stored === null",
  },
  {
    breaks: 89,
    bug: "a failed save hides the changes",
    from: "const { error } = result;",
    to: "const { error } = result;\n    Object.defineProperty(this.#state, 'content', { value: new this.#state.content.constructor(this.#state.base) });",
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
    from: "isNew && hasUnknownOutcome(error) ? this.#state.abandon(location.key) : undefined",
    to: "undefined",
  },
  {
    breaks: 93,
    bug: "the second one says, too, that it has created the session",
    from: "(sets, result.base, ",
    to: "(sets, isNew ? { stored: undefined, order: 0 } : result.base, ",
  },
  {
    breaks: 111,
    bug: "a session goes on under an id under which it may still be created",
    from: "if (saving) await this.#take(saving, saving.commit.withdraw())",
    to: "saving?.commit.withdraw();\n    this.#unfinished = undefined",
  },
  {
    breaks: 111,
    bug: "a save is reported as stored that went to an id which the session has left",
    from: "(saving.location !== state.location && saving.known) || answer",
    to: "answer",
  },
  {
    breaks: 87,
    bug: "a save that was given up continues beside the next one",
    from: "if (turn.isOver)",
    to: "if (turn === null)",
  },
];
