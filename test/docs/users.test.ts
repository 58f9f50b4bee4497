import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/users.md");

test("the program of the page lists the sessions of a user, and ends them", async () => {
  await using folder = await writePrograms(programs);
  expect(await runProgram(join(folder.path, "users.ts"))).toBe(
    "Firefox on Linux false\nSafari on iPhone false\nChrome on Windows true\n1\n",
  );
}, 60_000);
