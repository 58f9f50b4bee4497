import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/channel.md");
const folder = await writePrograms(programs);
afterAll(() => folder[Symbol.asyncDispose]());

test("the program with two managers prints what the page says", async () => {
  expect(await runProgram(join(folder.path, "one-process.ts"))).toBe("created elsewhere\nended elsewhere\n");
});

test("the channel of the page passes its tests", async () => {
  const output = await runProgram(join(folder.path, "threads.test.ts"), 60_000);
  expect(output).toMatch(/^(#|ℹ) fail 0$/m);
  expect(Number(/^(?:#|ℹ) pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(8);
}, 60_000);
