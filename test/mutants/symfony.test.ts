import { afterAll, expect, test } from "vitest";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { lockCases } from "../symfony/lock-cases.ts";
import { lockEndCases } from "../symfony/lock-end-cases.ts";
import type { LockParts } from "../symfony/locked-store.ts";
import { createBundles } from "./bundles.ts";
import { isAbout, isCaught } from "./cases.ts";
import { brokenBy, quotedMutants } from "./quoted.ts";

ignoreUnhandledRejections();

const bundles = createBundles("symfony");
afterAll(() => bundles[Symbol.dispose]());

const mutants = await quotedMutants(/^adapters\/symfony/);
const casesOf = (parts: LockParts) => [...lockCases(parts), ...lockEndCases(parts)];

test.each(mutants)("a case of the law that it breaks catches $file: $bug ($breaks)", async (mutant) => {
  expect(await isCaught(mutant, casesOf(await bundles.load<LockParts>(brokenBy(mutant))), 3000)).toBe(true);
});

test("there is one for each case", async () => {
  const cases = casesOf(await import("sessionwire/symfony"));
  const uncaught = cases.filter((each) => !mutants.some(({ breaks }) => isAbout(each, breaks)));
  expect(uncaught.map(({ name }) => name)).toEqual([]);
});
