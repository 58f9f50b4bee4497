import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "there is no roster while nobody is faster",
    bug: "a roster is taken at the first conflict",
    from: "return this.#conflicts % CONFLICTS_BEFORE_TURN === 0",
    to: "return true",
  },
  { breaks: 82, bug: "an update that changes nothing is written", from: "content?.isChanged", to: "content" },
  {
    breaks: 85,
    bug: "what was seen first is written over what is there",
    from: "runAll(commits, base,",
    to: "runAll(commits, commits[0]?.commit.seen ?? base,",
  },
  {
    breaks: 87,
    bug: "whoever saves together leaves his token, be it that he failed",
    from: 'lastRun?.kind !== "made"',
    to: "lastRun === undefined",
  },
  {
    breaks: 88,
    bug: "conflicts beyond the limit are a success",
    from: "throw tooManyConflicts(this.#conflicts)",
    to: "this.#settle(this.#commits, this.#queue.snapshot as Snapshot)",
  },
  { breaks: 88, bug: "there is no limit", from: "> this.#parts.maxConflicts", to: "> 1e6" },
  { breaks: 91, bug: "each write leaves its own tokens only", from: "base.stored?.record.tokens ?? ", to: "" },
  {
    breaks: 91,
    bug: "a second look that fails hides the doubt",
    from: ") => Promise.reject(error",
    to: "failure) => (this.#queue.attempts.forget(attempt), Promise.reject(failure)",
  },
  {
    breaks: 91,
    bug: "a save without an answer is a success",
    from: "await this.#lookAfter(error, attempt)",
    to: "if (hasUnknownOutcome(error)) return !attempt.settle(attempt.base);\n    throw error",
  },
  {
    breaks: 100,
    bug: "the last who saves undoes what he had not seen",
    from: "runAll(commits, base,",
    to: "runAll(commits, commits[0]?.commit.seen ?? base,",
  },
  {
    breaks: 102,
    bug: "what was given up is sent all the same",
    from: "isOpen }) => isOpen",
    to: "isSettled }) => !isSettled",
  },
  {
    breaks: 102,
    bug: "a token is left by who was given up",
    from: "this.#tokensOf(commits",
    to: "this.#tokensOf(this.#commits",
  },
  {
    breaks: 111,
    bug: "those who share a write leave the same token in each attempt",
    from: "this.#parts.records.createToken()",
    to: '"always the same"',
  },
  {
    breaks: 91,
    bug: "a token belongs to an attempt",
    from: "tokens.add(token);",
    to: "tokens.add(token + Math.random());",
  },
  {
    breaks: 145,
    bug: "changes that were refused count as stored",
    from: "made.length, this.#conflicts",
    to: "commits.length, this.#conflicts",
  },
  {
    breaks: 145,
    bug: "a write is reported without its conflicts",
    from: "made.length, this.#conflicts",
    to: "made.length, 0",
  },
];
