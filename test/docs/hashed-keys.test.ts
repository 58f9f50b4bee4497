import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/hashed-keys.md");

test("the program of the page moves sessions to hashed keys, one when it is used and the other at last", async () => {
  await using folder = await writePrograms(programs);
  const [first = "", last] = (await runProgram(join(folder.path, "steps.ts"))).split("\n");
  expect(first.split(" ").sort()).toEqual([
    expect.stringMatching(/^hashed:[\w-]{43}$/),
    expect.stringMatching(/^sess:[\w-]{43}$/),
  ]);
  expect(last).toBe("0 2");
}, 60_000);
