import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const folder = await writePrograms(await programsOf("docs/retry.md"));
afterAll(() => folder[Symbol.asyncDispose]());

test("the circuit of the page opens after five failures", async () => {
  process.env.REDIS_URL = "redis://127.0.0.1:1"; // where nobody listens
  const lines = (await runProgram(join(folder.path, "policy.ts"))).trim().split("\n");
  expect(lines).toHaveLength(7);
  for (const line of lines.slice(0, 5)) expect(line).toMatch(/^unavailable: (?!The circuit)/);
  expect(lines.slice(5)).toEqual(Array(2).fill("unavailable: The circuit is open."));
});
