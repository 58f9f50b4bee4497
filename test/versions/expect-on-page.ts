import type { RunnerTask } from "vitest";
import { expect, test } from "vitest";
import { expectRow, type PageTable } from "../docs/page-table.ts";

const table: PageTable = { page: "docs/runtimes.md", heading: "server" };

/** A server that is tested, and where its tests are. */
export interface TestedServer {
  /** As the page has it: with the part of the version that must not change. */
  readonly name: string;
  /** All of its version. */
  readonly version: string;
  /** The names of its groups of tests in this file, in the order of the columns; a group of `undefined` is none. */
  readonly groups: readonly (string | undefined)[];
}

/** Whether it has the version that its name says. */
export function isOfItsName({ name, version }: TestedServer): boolean {
  const [said] = /\d[\d.]*/.exec(name) ?? [];
  return version.startsWith(`${said}.`);
}

/** Defines the last test of a file: the page says what became of its groups of tests. */
export function expectOnPage(server: TestedServer): void {
  const { name, version, groups } = server;
  test(`docs/runtimes.md has the results on ${name}`, ({ task }) => {
    console.info(`${name}: ${version}`);
    expect(isOfItsName(server), version).toBe(true);
    expectRow(table, [name, version, ...groups.map((group) => outcomeOf(group, task.file.tasks))], 1);
  });
}

function outcomeOf(group: string | undefined, tasks: readonly RunnerTask[]): string {
  if (group === undefined) return "–";
  const tests = tasks.filter((task) => task.name === group).flatMap(testsIn);
  expect(tests.length, group).toBeGreaterThan(0);
  const failed = tests.filter(({ result }) => result?.state !== "pass");
  return failed.length === 0 ? "all" : `${failed.length} of ${tests.length} fail`;
}

/** Those that are run. */
function testsIn(task: RunnerTask): RunnerTask[] {
  if (task.type === "suite") return task.tasks.flatMap(testsIn);
  return task.mode === "skip" ? [] : [task];
}
