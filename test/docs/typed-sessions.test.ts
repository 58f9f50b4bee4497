import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/typed-sessions.md");

test("the first program of the page stores what the schema returns, and refuses the rest", async () => {
  await using folder = await writePrograms(programs);
  expect(await runProgram(join(folder.path, "typed.ts"))).toBe(
    `{ id: 1, name: 'Ann' }\ninvalid: The schema refuses the attribute "cart".\n`,
  );
}, 60_000);

test("the second one shows a renamed attribute by both names", async () => {
  await using folder = await writePrograms(programs);
  expect(await runProgram(join(folder.path, "renamed.ts"))).toBe("Ann Ann\n");
}, 60_000);
