import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as core from "sessionwire";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/decorators.md"), "utf8");
const programs = await programsOf("docs/decorators.md");
const decorators = Object.keys(core).filter((name) => name.startsWith("with"));

/** The decorators of the table of orders, the outermost one first. */
const outermostFirst = [...section("Which order, and why").matchAll(/^\| `(\w+)` \| .+ \| .+ \|$/gm)].map(
  ([, name]) => name,
);

test("the tables name every decorator once", () => {
  expect([...outermostFirst].sort()).toEqual([...decorators].sort());
  const [overview = ""] = page.split("\n## ");
  for (const name of decorators)
    expect(overview.match(new RegExp(`^\\| \\[?\`${name}\\(`, "gm")), name).toHaveLength(1);
});

test("the program of the page has the order of its table", () => {
  const [, body = ""] = (programs[0]?.text ?? "").split('from "sessionwire";');
  const called = [...body.matchAll(/\b(with[A-Z]\w+)\(/g)].map(([, name]) => name);
  expect([...new Set(called)].reverse()).toEqual(outermostFirst);
});

test("the program of the page runs with all decorators around each other", async () => {
  await using folder = await writePrograms(programs);
  const lines = (await runProgram(join(folder.path, "stack.ts"))).trim().split("\n");
  expect(lines.slice(-3)).toEqual(["true true", expect.stringMatching(/^session\./), "Ada"]);
  expect(lines).toContain("session.write");
}, 60_000);

function section(title: string): string {
  return page.split(`## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
}
