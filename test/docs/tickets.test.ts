import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, typeErrorsOf, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/tickets.md");

test("the program of the page is free of type errors, and opens one socket by a ticket", async () => {
  expect(programs.map(({ name }) => name)).toEqual(["tickets.ts"]);
  expect(await typeErrorsOf(programs)).toBe("");
  await using folder = await writePrograms(programs);
  expect(await runProgram(join(folder.path, "tickets.ts"))).toBe("saved\nbad-ticket 401\n");
}, 60_000);
