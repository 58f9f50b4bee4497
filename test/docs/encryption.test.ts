import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/encryption.md");

test("the program of the page changes the key of a session", async () => {
  await using folder = await writePrograms(programs);
  expect(await runProgram(join(folder.path, "rotation.ts"))).toBe(
    "to go on later: undefined\n1 of 1 rewritten, 0 unreadable\nAnn\n",
  );
}, 60_000);
