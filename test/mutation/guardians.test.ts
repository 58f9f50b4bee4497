import { expect, test } from "vitest";
import { guardians, guardiansOf, testsUnder } from "./guardians.ts";
import { sourcesUnder } from "./run.ts";

const names = [...new Set(guardians.flatMap(([, tests]) => tests))];

test.each(names)("there are tests that begin with %s", (name) => {
  expect(testsUnder(name)).not.toEqual([]);
});

test("a folder of tests is that one, and no other whose name ends alike", () => {
  const tests = guardiansOf("adapters/ws/upgrade-listener.ts");
  expect(tests).toContain("ws/life.test.ts");
  expect(tests.filter((path) => !path.startsWith("ws/"))).toEqual([]);
});

test("every source file has tests that guard it, and every entry names existing files", () => {
  const files = sourcesUnder("src", "adapters");
  const used = new Set(files.map((file) => guardians.find(([place]) => place.test(file))));
  const unnamed = files.filter((file) => guardians.every(([place]) => !place.test(file)));
  for (const file of unnamed) expect(guardiansOf(file), file).not.toEqual([]);
  expect(guardians.filter((entry) => !used.has(entry))).toEqual([]);
});
