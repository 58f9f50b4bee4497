import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRow, rowsOf } from "../readme-table.ts";
import { areas } from "./areas.ts";
import { failuresIn, type Report, runCases } from "./run-cases.ts";
import { runtimes } from "./runtimes.ts";

const modules = join(import.meta.dirname, "../../node_modules");

describe.each(runtimes)("$name", (runtime) => {
  let report: Report;
  beforeAll(async () => {
    report = await runCases(runtime, modules);
  });

  test("is the runtime that has executed the cases", () => {
    expect(report.version).toBe(runtime.version);
  });

  test.each(Object.entries(areas))("keeps to every case of %s but those it is known to break", (area, cases) => {
    expect(cases.length).toBeGreaterThan(0);
    const known = cases.filter(({ name }) => name in runtime.exceptions).map(({ name }) => name);
    const failures = failuresIn(report, area, cases);
    expect(
      failures.map(({ name }) => name),
      failures[0]?.failure,
    ).toEqual(known);
  });

  test("ends by itself, and has left no rejection that nobody handles", () => {
    expect(report).toMatchObject({ exitCode: 0, complaint: "" });
  });

  test("stands in the README with what came of it", () => {
    const cells = Object.entries(areas).map(([area, cases]) => {
      const failing = failuresIn(report, area, cases).map(({ name }) => runtime.exceptions[name] ?? name);
      return failing.length === 0 ? "all" : `all but ${failing.join(", ")}`;
    });
    expectRow("runtime", [runtime.name, ...cells]);
  });
});

describe("a runtime on which something does not hold is found out:", () => {
  const { execPath, version } = process;
  const thisOne = { name: "this one", version: version.slice(1), command: () => [execPath], env: {}, exceptions: {} };
  /** Lets this runtime execute the cases after something of it was changed. */
  const runAfter = (change: string) => runCases(thisOne, modules, { banner: { js: change } });

  test("its Web Crypto takes every signature", async () => {
    const report = await runAfter("crypto.subtle.verify = async () => true;");
    expect(failingIn(report)).toEqual([
      "a signature of which any character was changed is none",
      "a cookie of the manager that is not signed, or by another, is none",
      "the first secret signs, and all of them are taken",
      "a handshake without a cookie, with a forged one or with that of a session that has ended gets 401",
    ]);
  });

  test("it ends before the last case", async () => {
    const report = await runAfter("setTimeout(() => process.exit(0), 100);");
    expect(failingIn(report)).toContain(areas.sockets?.at(-1)?.name);
  });
});

test("the README names no other runtime", () => {
  expect(rowsOf("runtime").map(([name]) => name)).toEqual(runtimes.map(({ name }) => name));
});

function failingIn(report: Report): string[] {
  return Object.entries(areas).flatMap(([area, cases]) => failuresIn(report, area, cases).map(({ name }) => name));
}
