import { defineCases } from "sessionwire/testing";
import { describe, expect, it, test } from "vitest";
import { casesOf } from "./cases.ts";
import { subject } from "./subject.ts";

const cases = casesOf(subject);

for (const [heading, each] of Object.entries(cases)) defineCases(heading, each, { describe, it });

test("every law of sessions has a case that is run", () => {
  const run = Object.values(cases)
    .flat()
    .filter(({ skipped }) => skipped === undefined);
  const checked = new Set(run.map(({ law }) => law));
  const all = [...Array.from({ length: 102 - 80 + 1 }, (_, index) => 80 + index), 111, 124, 125, 126];
  expect(all.filter((law) => !checked.has(law))).toEqual([]);
});
