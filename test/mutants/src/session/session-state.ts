import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 83,
    bug: "two saves at once save the same changes",
    from: "this.#turns.alone((turn) => {\n      if (this.#unfinished === undefined) return",
    to: "this.#context.commits.createTurns().alone((turn) => {\n      if (this.#unfinished !== null) return",
  },
  {
    breaks: 89,
    bug: "a failed save forgets the changes",
    from: "if (isNew ",
    to: "this.log.forget(sets);\n      if (isNew ",
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
    to: "this.content = new WorkingCopy(this.#base);\n      if (isNew ",
  },
  {
    breaks: 90,
    bug: "changes made during a running save are forgotten",
    from: "void {\n    this.log.forget(sets",
    to: "void {\n    this.log.clear(",
  },
  {
    breaks: 92,
    bug: "saving an ended session creates it again",
    from: "this.isNew ? this.#context.records.create() : undefined",
    to: "this.#context.records.create()",
  },
  {
    breaks: 92,
    bug: "an ended session is forgotten to have ended",
    from: '    this.#end ??= "gone";\n    return',
    to: "    return",
  },
  {
    breaks: 92,
    bug: "a touch does not notice the end",
    from: "!(await records.touch(this.#location.key, this.#base, signal)",
    to: "(await records.touch(this.#location.key, this.#base, signal), false",
  },
  {
    breaks: 92,
    bug: "a refresh makes a new session of an ended one",
    from: " === undefined) throw this.foundGone();\n    if (snapshot.stored.record.forward",
    to: "?.record.forward",
  },
  {
    breaks: 92,
    bug: "the id of a creation in doubt is used again",
    from: "      if (isNew && isInDoubt(error)) await this.#abandon(location.key);\n",
    to: "",
  },
  {
    breaks: 92,
    bug: "a session does not end what it may have created elsewhere",
    from: "    this.#abandoned.add(key);\n",
    to: "",
  },
  {
    breaks: 93,
    bug: "the second one says, too, that it has created the session",
    from: "commit.latest?.stored === undefined",
    to: "commit.beginning",
  },
  {
    breaks: 96,
    bug: "a new session is not stored with its new id",
    from: "return this.save(this.log.all(), call)",
    to: "return",
  },
  {
    breaks: 96,
    bug: "a move begins a new lifetime",
    from: "WorkingCopy(record",
    to: "WorkingCopy({ ...record, metadata: records.create().metadata }",
  },
  {
    breaks: 96,
    bug: "what was opened by the old id can be changed",
    from: "this.#location.forward !== undefined",
    to: "this.#location.forward === null",
  },
  {
    breaks: 101,
    bug: "a refresh shows what was seen before",
    from: "await this.#context.records.read(this.#location.key, true, signal)",
    to: "this.#snapshot",
  },
  {
    breaks: 111,
    bug: "a session goes on under an id under which it may still be created",
    from: "if (this.#context.commits.withdraw(commit) && this.isNew) await this.#abandon(key",
    to: "this.#context.commits.withdraw(commit",
  },
];
