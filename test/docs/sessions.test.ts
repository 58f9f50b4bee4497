import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/sessions.md");

test("the program of the page ends, and prints what was stored", async () => {
  await using folder = await writePrograms(programs);
  expect(await runProgram(join(folder.path, "sessions.ts"))).toBe("Ann [ 'Welcome.' ]\n");
}, 60_000);

test("the program that signs in remembers the session, and so does the browser", async () => {
  await using folder = await writePrograms(programs);
  expect(await runProgram(join(folder.path, "sign-in.ts"))).toMatch(
    /^2592000 __Host-session=.*; Max-Age=77(76000|75999);/,
  );
}, 60_000);
