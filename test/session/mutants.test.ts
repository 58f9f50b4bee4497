import { expect, test } from "vitest";
import { casesOf } from "./cases.ts";
import { testMutants } from "./mutants.ts";
import { mutantsOfChanges } from "./mutants-of-changes.ts";
import { mutantsOfLives } from "./mutants-of-lives.ts";
import { mutantsOfWaiting } from "./mutants-of-waiting.ts";
import { subject } from "./subject.ts";

testMutants(mutantsOfChanges);

/** A law whose check nothing can fail is not tested: for each there is a broken version that its check must catch. */
test("every law of sessions has a broken version", () => {
  const broken = new Set([...mutantsOfChanges, ...mutantsOfLives, ...mutantsOfWaiting].map(({ law }) => law));
  const laws = Object.values(casesOf(subject)).flatMap((cases) => cases.map(({ law }) => law ?? 0));
  expect(laws.filter((law) => !broken.has(law))).toEqual([]);
});
