import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 85,
    bug: "a request stores all that it was handed",
    from: "recordChanges(session, image, now)",
    to: "recordChanges(session, undefined, now)",
  },
  {
    breaks: 94,
    bug: "express-session is told of no session when a read fails",
    from: "asItIs)\n      .then",
    to: "asItIs)\n      .catch(() => undefined)\n      .then",
  },
  {
    breaks: "a session without a cookie is taken, as MemoryStore takes it, and gets the one of express-session",
    bug: "one without members is not stored",
    from: "!session.isChanged",
    to: "session.hasEnded",
  },
  {
    breaks: "an id that is no text, as a `genid` may return it, is refused, and stores nothing",
    bug: "an id is made up for it",
    from: "    checkId(sid);\n",
    to: "",
  },
  {
    breaks:
      "touching a session by an object that the store has not handed out stores its cookie, and nothing else of it",
    bug: "only what was handed out can be touched",
    from: "return this.#lookUp(sid).then",
    to: "return Promise.resolve(this.#baselines.find(sid, data)).then",
  },
];
