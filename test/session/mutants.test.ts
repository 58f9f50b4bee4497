import { expect, test } from "vitest";
import { testMutants } from "./mutants.ts";
import { mutantsOfChanges } from "./mutants-of-changes.ts";
import { mutantsOfLives } from "./mutants-of-lives.ts";
import { mutantsOfWaiting } from "./mutants-of-waiting.ts";
import { sessionLaws } from "./session-laws.ts";

testMutants(mutantsOfChanges);

/** A law whose check nothing can fail is not tested: for each there is a broken version that its check must catch. */
test("every law of sessions has a broken version", () => {
  const broken = new Set([...mutantsOfChanges, ...mutantsOfLives, ...mutantsOfWaiting].map(({ law }) => law));
  expect(sessionLaws.map(({ law }) => law).filter((law) => !broken.has(law))).toEqual([]);
});
