import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/tickets.md");

test("the program of the page opens one socket by a ticket", async () => {
  await using folder = await writePrograms(programs);
  expect(await runProgram(join(folder.path, "tickets.ts"))).toBe("saved\nbad-ticket 401\n");
}, 60_000);
