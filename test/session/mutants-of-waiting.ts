import type { Mutant } from "../laws/mutate.ts";

const turn = "src/backend/turn.ts";
const turnQueue = "src/backend/turn-queue.ts";
const attempt = "src/session/commit/attempt.ts";
const group = "src/session/commit/group-commit.ts";
const queue = "src/session/commit/commit-queue.ts";
const records = "src/session/records.ts";
const state = "src/session/session-state.ts";

/** Broken versions of how callers wait for each other. */
export const mutantsOfWaiting: readonly Mutant[] = [
  {
    law: 111,
    bug: "nobody is ever given up",
    file: turn,
    from: "return now - this.#progressedAt >= this.#limitMs;",
    to: "return now - this.#progressedAt >= Infinity;",
  },
  {
    law: 111,
    bug: "who gets on is given up as well",
    file: turn,
    from: "    this.#progressedAt = this.#clock.monotonic();\n    this.#seenStuckAt = undefined;\n",
    to: "",
  },
  {
    law: 111,
    bug: "what others have given up with is done for nobody",
    file: turnQueue,
    from: "    this.waiting.unshift(...turn.tasks.filter((task) => task.isShared && !task.isSettled));\n",
    to: "",
  },
  {
    law: 111,
    bug: "what was given up goes on",
    file: group,
    from: "      if (turn.isOver) return;\n      this.#decide(base);",
    to: "      this.#decide(base);",
  },
  {
    law: 111,
    bug: "a write that was left is forgotten",
    file: group,
    from: "    queue.attempts.add(attempt);\n",
    to: "",
  },
  {
    law: 111,
    bug: "a write that was left is taken for refused",
    file: attempt,
    from: 'if (!isDecidable(this.base, now, format)) return "undecidable";',
    to: 'if (!isDecidable(this.base, now, format)) return "refused";',
  },
  {
    law: 111,
    bug: "an update tells what its latest run gave, and not the one that is stored",
    file: attempt,
    from: "for (const [commit, run] of this.#runs) if (run) commit.settleBy(run, sight);",
    to: "for (const [commit] of this.#runs) if (commit.lastRun) commit.settleBy(commit.lastRun, sight);",
  },
  {
    law: 111,
    bug: "those who share a write leave the same token in each attempt",
    file: group,
    from: "this.#token = parts.records.createToken();",
    to: 'this.#token = "always the same";',
  },
  {
    law: 111,
    bug: "a save is made beside the one that has no end",
    file: state,
    from: "      await this.#giveUpUnfinished();\n",
    to: "",
  },
  {
    law: 111,
    bug: "a save forgets that the one without an end may have been made",
    file: "src/session/commit/commit-request.ts",
    from: "    if (isInDoubt && this.base) this.request.doubted?.(this.base);\n",
    to: "",
  },
  {
    law: 111,
    bug: "a session goes on under an id under which it may still be created",
    file: state,
    from: "if (this.#context.commits.withdraw(commit) && this.isNew) await this.#abandon(key);",
    to: "this.#context.commits.withdraw(commit);",
  },
  {
    law: 111,
    bug: "a creation that was never answered is not in doubt",
    file: records,
    from: "    if (isNewDoubt) this.#doubtfulCreations.add(key);\n",
    to: "",
  },
  {
    law: 111,
    bug: "the copy of a move without an end is forgotten",
    file: state,
    from: "    this.#abandoned.add(place.key); // it may be there from now on\n",
    to: "",
  },
  {
    law: 111,
    bug: "closing waits for ever",
    file: queue,
    from: "      cancelTimer = scheduleDeadline(this.#clock, resolve, MAX_STEP_MS);\n",
    to: "",
  },
  {
    law: 111,
    bug: "closing waits for nobody",
    file: queue,
    from: "      await this.#idle();\n",
    to: "",
  },
];
