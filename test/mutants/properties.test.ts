import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { createBundles } from "./bundles.ts";
import { type BrokenParts, found, ofMigration, properties } from "./properties.ts";
import { brokenBy, quotedMutants } from "./quoted.ts";

const mutants = await quotedMutants(/./);
const bundles = createBundles("memory", "memory/session-table", "express");
afterAll(() => bundles[Symbol.dispose]());

ignoreUnhandledRejections();

const soughtBy = (says: string) => mutants.filter(({ bug, breaks }) => breaks === says || found[says]?.includes(bug));
const finders = Object.entries(properties).filter(([says]) => soughtBy(says).length > 0);

describe.each(finders)("%s: the property finds", (says, property) => {
  test.each(soughtBy(says))("$bug", { timeout: 60_000 }, async (mutant) => {
    const parts = await bundles.load<BrokenParts>(brokenBy(mutant));
    // The same runs each time, so that a bug is found or not. Some of a migration take thousands of stories to be seen.
    const luck = says === ofMigration ? { seed: 26, numRuns: 10_000 } : { seed: 1, numRuns: 1000, timeout: 2000 };
    const result = await fc.check(property(parts), { ...luck, endOnFailure: true });
    expect(result.failed).toBe(true);
  });
});

test("there is a property and a mutant for each bug to be found", () => {
  const bugs = new Set(mutants.map(({ bug }) => bug));
  expect(Object.keys(found).filter((says) => !(says in properties))).toEqual([]);
  expect(Object.values(found).flatMap((sought) => sought.filter((bug) => !bugs.has(bug)))).toEqual([]);
});
