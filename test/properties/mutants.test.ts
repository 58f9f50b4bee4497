import assert from "node:assert/strict";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { mutants } from "../laws/mutants.ts";
import { createMutants, type Mutant } from "../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { properties } from "./handler-properties.ts";

/** It takes two clients at the right moments to see this one. */
const twoSteps: Mutant = {
  law: 30,
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
const found: [string, (string | Mutant)[]][] = [
  [
    "any sequence of calls on the memory behaves as on a map with expiry",
    [
      "a replacing write keeps the old data",
      "a session lives a second too long",
      "the time to live overflows after 24 days",
      "every read restarts the time to live",
      "a refused write restarts the time to live",
      "a refused write does not say what is there",
      "a touch never shortens",
      "a touch makes a new version",
      "a touch of what is absent is true",
      "a conditional destroy destroys whatever is there",
      "a replacing write brings back what was destroyed",
      "a replacing write replaces anything",
      "a creating write replaces what is there",
      "versions repeat",
      "a repeated write is accepted when the data is what is there already",
    ],
  ],
  [
    "any interleaving on a lossy network is linearizable",
    [
      twoSteps,
      "a touch reads and writes back",
      "a replacing write replaces anything",
      "a lost reply counts as not applied",
    ],
  ],
  [
    "whatever happens to the connection, the check keeps its laws",
    [
      "an operation does not wait for the check",
      "every operation is checked",
      "a check is a sign of life before it has an answer",
      "everyone makes a check of his own",
      "every check reconnects",
      "a failed check is remembered for ever",
      "an operation that failed is tried again",
      "only the wall clock counts",
      "only monotonic time counts",
      "an operation that ran out of time is not held against the connection",
    ],
  ],
];

const copies = createMutants();
afterAll(() => copies[Symbol.dispose]());

ignoreUnhandledRejections();

for (const [property, bugs] of found) {
  for (const bug of bugs) {
    const mutant = typeof bug === "string" ? mutants.find((candidate) => candidate.bug === bug) : bug;
    test(`"${property}" finds that ${mutant?.bug ?? bug}`, async () => {
      const propertyOf = properties[property];
      assert.ok(mutant && propertyOf);
      const result = await fc.check(propertyOf(await copies.load(mutant)), {
        seed: 1, // the same stories each time, so that a bug is found or not
        numRuns: 1000,
        timeout: 2000,
        endOnFailure: true,
      });
      expect(result.failed).toBe(true);
    });
  }
}
