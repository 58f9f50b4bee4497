import { expect, test } from "vitest";
import { budgets } from "../costs/budgets.ts";
import { expectRow, type PageTable, rowsOf } from "./page-table.ts";

const table: PageTable = { page: "docs/costs.md", heading: "operation" };

/** The operations of the page, and what the budgets call them. */
const operations: readonly (readonly [operation: string, budget: string])[] = [
  ["a GET by ioredis alone", "raw GET"],
  ["a read through the Redis handler", "handler.read"],
  ["the same with a connection check", "check.read"],
  ["the same with a deadline around it", "timeout(check).read"],
  ["`sessions.open`", "open"],
  ["`sessions.open`, `session.set` and `session.save`", "open, set, save"],
  ["`sessions.update`", "update"],
  ["an Express request that changes nothing", "store.get"],
  ["an Express request that touches its session", "store.get, touch"],
  ["an Express request that changes its session", "store.get, set"],
];

test.each(operations)(
  "docs/costs.md says how many promises %s may make (`npm run laws` writes it)",
  (operation, name) => {
    expectRow(table, [operation, String(budgets[name]?.promises)]);
  },
);

test("docs/costs.md names no other operation, and none of them sets a timer", () => {
  expect(rowsOf(table).map(([operation]) => operation)).toEqual(operations.map(([operation]) => operation));
  expect(operations.map(([, name]) => budgets[name]?.timers)).toEqual(operations.map(() => 0));
});
