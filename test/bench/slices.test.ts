import { expect, test } from "vitest";
import { compareRows, type Row } from "../../bench/tools/slices.ts";

const effort = { rounds: 2, warmUpRounds: 1, sliceMs: 1000, concurrency: 2, maxRuns: 3 };
const idle: Row = { name: "idle", run: async () => true };

test("a bench counts every operation of a row, and passes the number to the code that inspects the store", async () => {
  let runs = 0;
  let prepared = 0;
  let verified = 0;
  const counted: Row = {
    name: "counted",
    run: async () => ++runs,
    prepare: () => ++prepared,
    verify: async (operations) => {
      verified = operations;
    },
  };
  await compareRows("id", "title", [idle, counted], effort);
  expect(prepared).toBe(3); // with the round that does not count
  expect(runs).toBe(3 * effort.maxRuns);
  expect(verified).toBe(runs);
});

test("the first row of a bench is the floor of the others", async () => {
  const { columns, rows } = await compareRows("id", "title", [idle, { ...idle, name: "other" }], effort);
  const floor = Object.fromEntries(columns.map((column, place) => [column, rows[0]?.values[place]]));
  expect(floor).toMatchObject({ "CPU ×": 1, "ops/s ×": 1 });
  expect(rows.map(({ name }) => name)).toEqual(["idle", "other"]);
});

test.each([
  { what: "says that it has not done its work", row: { run: async () => false } },
  { what: "fails", row: { run: () => Promise.reject(new Error("No answer.")) } },
  { what: "has left something out", row: { verify: () => Promise.reject(new Error("One is missing.")) } },
])("a row that $what ends the bench", async ({ row }) => {
  await expect(compareRows("id", "title", [idle, { ...idle, ...row }], effort)).rejects.toThrow(
    /has not done its work|No answer|missing/,
  );
});
