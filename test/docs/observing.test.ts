import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/observing.md");

test("the observer of the page prints what it says", async () => {
  await using folder = await writePrograms(programs);
  const [, said = ""] = /\/\/ (session\.read absent .+)…$/m.exec(programs[0]?.text ?? "") ?? [];
  expect(await runProgram(join(folder.path, "observing.ts"))).toMatch(new RegExp(`^${said}\\S+\\n$`));
}, 60_000);
