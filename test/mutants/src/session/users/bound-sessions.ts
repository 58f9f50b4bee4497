import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 124,
    bug: "sessions that have ended are listed",
    from: "secondsLeft(record) > 0 && identities.userOf(record) === user",
    to: "true",
  },
  {
    breaks: 126,
    bug: "what is about to be stored has no place",
    from: "found[index] !== undefined || this.#isAboutToBe(entry)",
    to: "found[index] !== undefined",
  },
  {
    breaks: 126,
    bug: "what was never stored keeps its place for ever",
    from: "return pendingAs !== undefined && Math.abs(this.#source.now() - boundAt) < PENDING_MS;",
    to: "return pendingAs !== undefined;",
  },
  {
    breaks: 125,
    bug: "a session that was changed meanwhile stays",
    from: "current = result.destroyed ? undefined : result.current;",
    to: "current = undefined;",
  },
  {
    breaks: 125,
    bug: "a session that is somebody else's by now is ended",
    from: "return record === undefined || this.#source.identities.userOf(record) === user;",
    to: "return true;",
  },
  {
    breaks: 125,
    bug: "an end is not told",
    from: "if (hasEnded) this.#source.ended(key);",
    to: "",
  },
  {
    breaks: 125,
    bug: "an end of which nobody knows is an end",
    from: "if (conflicts > 0 || !hasUnknownOutcome(error) || !isLostConnection(error)) throw error;",
    to: "if (!hasUnknownOutcome(error)) throw error;\n        return;",
  },
  {
    breaks: 125,
    bug: "a copy that is on its way may still arrive",
    from: 'if (current === undefined && pendingAs === "copy") current = await this.#occupy(key);',
    to: "",
  },
];
