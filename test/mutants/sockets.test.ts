import { afterAll, expect, test } from "vitest";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import type { SocketParts } from "../sockets/paper/check.ts";
import { paperChecks } from "../sockets/paper-checks.ts";
import { createBundles } from "./bundles.ts";
import { isCaught } from "./cases.ts";
import { brokenBy, quotedMutants } from "./quoted.ts";

ignoreUnhandledRejections();

const bundles = createBundles("memory", "../src/sockets");
afterAll(() => bundles[Symbol.dispose]());

const mutants = await quotedMutants(/^src\/sockets/);

test.each(mutants)("a check on paper catches $file: $bug", async (mutant) => {
  const parts = await bundles.load<SocketParts>(brokenBy(mutant));
  const cases = paperChecks.map(({ claim, check }) => ({ name: claim, run: () => check(parts) }));
  expect(await isCaught(mutant, cases)).toBe(true);
});

test("there is a check for each of them", () => {
  const caught = paperChecks.filter(({ claim }) => mutants.some(({ breaks }) => claim.startsWith(String(breaks))));
  expect(caught).toEqual(paperChecks);
});
