import assert from "node:assert/strict";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { createMutants, type Mutant } from "../../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../../laws/unhandled.ts";
import { mutantsOfChanges } from "../mutants-of-changes.ts";
import { mutantsOfLives } from "../mutants-of-lives.ts";
import type { Parts } from "./parts.ts";
import { properties } from "./properties.ts";

/** It takes two clients at the right moments to see this one. */
const twoSteps: Mutant = {
  law: 85,
  bug: "comparing and writing are two steps, with time between them",
  file: "adapters/memory.ts",
  from: `    write(key, data, { replaces, ttlSeconds }) {
      const entry = use(key);
      if (entry?.version !== replaces) return { written: false, current: entry && stored(entry) };
`,
  to: `    async write(key, data, { replaces, ttlSeconds }) {
      const entry = use(key);
      if (entry?.version !== replaces) return { written: false, current: entry && stored(entry) };
      await new Promise<void>((done) => void clock.schedule(done, 1));
`,
};

/** Bugs that a property must find by itself, among those that the laws are tested with. */
const found: { readonly [says: string]: readonly (string | Mutant)[] } = {
  "any sequence of calls behaves as on a few maps (native)": [
    "a look at the messages eats them",
    "an invalidated session is not ended",
    "an ended session is forgotten to have ended",
  ],
  "a late save is laid over what is there by then (native)": [
    "what was seen first is written over what is there",
    "the last who saves undoes what he had not seen",
    "of a function, only its first result is kept",
  ],
  "no attribute is lost, and none comes back (native)": [
    twoSteps,
    "a deletion is lost on the way to the record",
    "changes made during a running save are forgotten",
    "a failed save forgets the changes",
    "conflicts beyond the limit are a success",
    "a save without an answer is a success",
    "a save that was sent is given up as not applied",
  ],
  "a function is counted once (native)": [
    "what is found to be applied is applied again",
    "each write leaves its own tokens only",
    "only one token is kept",
    "a token belongs to an attempt",
    "what cannot be told is taken for not applied",
    "what has failed leaves half of its changes, without a token",
    "whoever saves together leaves his token, be it that he failed",
    "of those who save together, only the first one's changes are stored",
  ],
  "a function is counted once (express)": [
    "a function is taken for repeatable",
    "an update is taken for repeatable",
    "a set of which nobody can tell is taken for applied",
  ],
  "a message is shown at least once (native)": ["taking removes all there is", "a save eats all messages"],
  "a message is shown at least once (express)": ["a message is taken for repeatable"],
  "whatever is moved takes all along (native)": [
    "saving an ended session creates it again",
    "the session is copied only once",
    "the old id is ended whatever it has taken meanwhile",
    "a move goes on after it was given up",
  ],
  "what has ended stays away (native)": [
    "updating an ended session creates it again",
    "an end by id goes on after it was given up as not applied",
  ],
  "what may have been created is found or ended (native)": [
    "the id of a creation in doubt is used again",
    "a session does not end what it may have created elsewhere",
    "what may still be created is ended only once",
  ],
  "an old id leads on to read, and to end": [
    "saving over a forward makes a session of it",
    "each use of the old id prolongs its grace time",
  ],
  "two that create a session under one id lay their changes together": [
    "the second creation is refused",
    "the second creation replaces the first",
  ],
  "requests of express-session that overlap lose nothing": [
    "a request stores all that it was handed",
    "what a request has deleted is still stored",
    "what connect-flash has taken waits for ever",
    "express-session is told of no session when a read fails",
  ],
};

const copies = createMutants<Parts>("memory", "express");
afterAll(() => copies[Symbol.dispose]());

ignoreUnhandledRejections();

for (const [says, bugs] of Object.entries(found)) {
  for (const bug of bugs) {
    const known = [...mutantsOfChanges, ...mutantsOfLives];
    const mutant = typeof bug === "string" ? known.find((candidate) => candidate.bug === bug) : bug;
    test(`"${says}" finds that ${mutant?.bug ?? bug}`, async () => {
      const property = properties[says];
      assert.ok(mutant && property);
      const result = await fc.check(property(await copies.load(mutant)), {
        seed: 1, // the same runs each time, so that a bug is found or not
        numRuns: 1000,
        timeout: 2000,
        endOnFailure: true,
      });
      expect(result.failed).toBe(true);
    });
  }
}
