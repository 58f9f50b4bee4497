import { expect, test } from "vitest";
import { sessionLaws } from "./session-laws.ts";
import { subject } from "./subject.ts";

for (const { law, says, check } of sessionLaws) test(`${says} (law ${law})`, () => check(subject));

test("every law of sessions has a check", () => {
  const checked = new Set(sessionLaws.map(({ law }) => law));
  const all = [...Array.from({ length: 102 - 80 + 1 }, (_, index) => 80 + index), 111];
  expect(all.filter((law) => !checked.has(law))).toEqual([]);
});
