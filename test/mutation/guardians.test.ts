import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { guardians, guardiansOf, testsUnder } from "./guardians.ts";
import { guarded, mutationsOf } from "./mutations.ts";

const root = join(import.meta.dirname, "../..");
const names = [...new Set(guardians.flatMap(([, tests]) => tests))];

test.each(names)("there are tests that begin with %s", (name) => {
  expect(testsUnder(name)).not.toEqual([]);
});

test("a folder of tests is that one, and no other whose name ends alike", () => {
  const tests = guardiansOf("adapters/ws/gate.ts");
  expect(tests).toContain("ws/life.test.ts");
  expect(tests.filter((path) => !path.startsWith("ws/"))).toEqual([]);
});

test("every source file has tests that guard it, and every entry files that it guards", () => {
  const listed = execFileSync("git", ["ls-files", "src", "adapters"], { cwd: root, encoding: "utf8" });
  const files = listed.split("\n").filter((file) => file.endsWith(".ts"));
  const used = new Set(files.map((file) => guardians.find(([place]) => place.test(file))));
  expect(files.filter((file) => guardians.every(([place]) => !place.test(file)))).toEqual([]);
  expect(guardians.filter((entry) => !used.has(entry))).toEqual([]);
});

test.each(guarded)("there is something to be changed in %s, which the laws and contracts guard", (file) => {
  expect(mutationsOf([file], 1)).not.toEqual([]);
});
