import { afterAll, expect, test } from "vitest";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { type FormatParts, formatCases } from "../symfony/format-cases.ts";
import { lockCases } from "../symfony/lock-cases.ts";
import { lockEndCases } from "../symfony/lock-end-cases.ts";
import type { LockParts } from "../symfony/locked-store.ts";
import { referenceCases } from "../symfony/reference-cases.ts";
import { createBundles } from "./bundles.ts";
import { isAbout, isCaught } from "./cases.ts";
import { brokenBy, quotedMutants } from "./quoted.ts";

ignoreUnhandledRejections();

const bundles = createBundles("symfony");
afterAll(() => bundles[Symbol.dispose]());

const mutants = await quotedMutants(/^adapters\/symfony/);
const casesOf = (parts: LockParts) => [...lockCases(parts), ...lockEndCases(parts)];
const formatCasesOf = (parts: FormatParts) => [...formatCases(parts), ...referenceCases(parts)];

test.each(mutants)("a case of the law that it breaks catches $file: $bug ($breaks)", async (mutant) => {
  const parts = await bundles.load<LockParts & FormatParts>(brokenBy(mutant));
  // A change that waits for ever for a lock is a failure; what formats are asked takes long on a busy machine.
  const isCaughtByOne =
    (await isCaught(mutant, casesOf(parts), 3000)) || isCaught(mutant, formatCasesOf(parts), 30_000);
  expect(await isCaughtByOne).toBe(true);
});

test("there is one for each case", async () => {
  const parts = await import("sessionwire/symfony");
  const cases = [...casesOf(parts), ...formatCasesOf(parts)];
  const uncaught = cases.filter((each) => !mutants.some(({ breaks }) => isAbout(each, breaks)));
  expect(uncaught.map(({ name }) => name)).toEqual([]);
});
