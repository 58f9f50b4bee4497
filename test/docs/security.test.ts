import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const rows = readFileSync(join(root, "SECURITY.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, number, , state, where, tests = ""]) => ({ number: Number(number), state, where, tests }));

test("SECURITY.md gives a state to each of the 46 requirements", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 46 }, (_, place) => place + 1));
  for (const { state } of rows) expect(["held", "partly", "not"]).toContain(state);
  for (const { where } of rows) expect(where).not.toBe("");
});

test("SECURITY.md names an existing test for each requirement that is held or partly held", () => {
  for (const { number, state, tests } of rows) {
    const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
    if (state !== "not") expect([number, files.length]).not.toEqual([number, 0]);
    for (const file of files) expect([file, existsSync(join(root, file))]).toEqual([file, true]);
  }
});
