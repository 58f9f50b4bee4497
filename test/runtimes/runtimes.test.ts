import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRow, type PageTable, rowsOf } from "../docs/page-table.ts";
import { allAreas } from "./areas.ts";
import { runInProcess } from "./in-process.ts";
import { failuresIn, type Report } from "./report.ts";
import { runtimes } from "./runtimes.ts";
import { startStores } from "./started-stores.ts";

const table: PageTable = { page: "docs/runtimes.md", heading: "runtime" };
const stores = await startStores();
afterAll(() => stores[Symbol.asyncDispose]());
const areas = allAreas(stores);

describe.each(runtimes)("$name", (runtime) => {
  let report: Report;
  beforeAll(async () => {
    report = await runtime.run(stores);
  }, 300_000);

  test("is the runtime that has executed the cases", () => {
    expect(report.version).toBe(runtime.says);
  });

  const kept = Object.entries(areas).filter(([area]) => !runtime.lacks.includes(area));
  test.each(kept)("passes every case of %s except the known failures", (area, cases) => {
    expect(cases.length).toBeGreaterThan(0);
    const known = cases.filter(({ name }) => name in runtime.exceptions).map(({ name }) => name);
    const failures = failuresIn(report, { [area]: cases });
    const names = failures.map(({ name }) => name);
    expect(names, failures[0]?.failure).toEqual(known);
  });

  test("ends by itself, without an unhandled rejection", () => {
    expect(report).toMatchObject({ exitCode: 0, complaint: "" });
  });

  test("appears in docs/runtimes.md with its results", () => {
    const cells = Object.entries(areas).map(([area, cases]) => {
      if (runtime.lacks.includes(area)) return "–";
      const failing = failuresIn(report, { [area]: cases }).map(({ name }) => runtime.exceptions[name] ?? name);
      return failing.length === 0 ? "all" : `all but ${failing.join(", ")}`;
    });
    expectRow(table, [runtime.name, ...cells]);
  });
});

describe("a runtime that breaks a rule is detected:", () => {
  const modules = join(import.meta.dirname, "../../node_modules");
  /** The cases that fail on this runtime after something of it was changed. */
  const failingAfter = async (change: string) => {
    const report = await runInProcess({ command: [process.execPath], modules, banner: change }, stores);
    return failuresIn(report, areas).map(({ name }) => name);
  };

  test("its Web Crypto accepts every signature", async () => {
    expect(await failingAfter("crypto.subtle.verify = async () => true;")).toEqual([
      "a signature of which any character was changed is none",
      "a cookie of the manager that is not signed, or by another, is none",
      "the first secret signs, and all of them are taken",
      // Of ws, and of crossws.
      "a handshake without a cookie, with a forged one or with that of a session that has ended gets 401",
      "a handshake without a cookie, with a forged one or with that of a session that has ended gets 401",
    ]);
  }, 120_000);

  test("it ends before the last case", async () => {
    expect(await failingAfter("setTimeout(() => process.exit(0), 100);")).toContain(areas.Memcached?.at(-1)?.name);
  }, 120_000);
});

test("docs/runtimes.md names no other runtime", () => {
  expect(rowsOf(table).map(([name]) => name)).toEqual(runtimes.map(({ name }) => name));
});
