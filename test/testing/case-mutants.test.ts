import { expect, test } from "vitest";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { isRefuted } from "../laws/within.ts";
import { caseMutants, contractMutants } from "./case-mutants.ts";

ignoreUnhandledRejections();

test.each(caseMutants)("a case of law $law finds: $bug", async ({ cases }) => {
  expect(await isFoundBy(cases)).toBe(true);
});

test.each(contractMutants)("no case of law $law finds, so that it takes the contract: $bug", async ({ cases }) => {
  expect(await isFoundBy(cases)).toBe(false);
});

async function isFoundBy(cases: (typeof caseMutants)[number]["cases"]): Promise<boolean> {
  for (const { run } of cases) if (await isRefuted(run)) return true;
  return false;
}
