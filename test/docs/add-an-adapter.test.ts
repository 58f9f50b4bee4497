import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { copyRepository } from "../fixtures/repository-copy.ts";
import { programsOf } from "./markdown-programs.ts";

const page = "docs/add-an-adapter.md";
const copy = copyRepository();
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test("an adapter that is added in the five places of the page is built, allowed, reported, documented and keeps the contract", async () => {
  const [code, contract] = await programsOf(page);
  const [subpath = "", row = "", readmeRow = "", change = ""] = blocksOf("json", "js", "md");
  write(code);
  const complaints = await outputOf("npx", vitest("boundaries", "package.test"));
  for (const complaint of ["adapters/table.ts is in no room", '"table.ts",']) expect(complaints).toContain(complaint);

  edit("package.json", (text) => text.replace('"exports": {', `"exports": { ${subpath},`));
  edit("test/boundaries/floors.ts", (text) => text.replace(/^(export const adapters.*)\n/m, `$1\n${row}`));
  write(contract);
  edit("README.md", (text) => text.replace(/^(\| \[`sessionwire\/.*)\n/m, `$1\n${readmeRow}`));
  edit("CHANGELOG.md", (text) => text.replace(/^(### Added\n\n)/m, `$1${change}`));

  await succeeds("git", ["init", "--quiet"]); // some checks ask git for the files
  await succeeds("git", ["add", "--all"]);
  await succeeds("npm", ["run", "--silent", "build"]);
  expect(await outputOf("node", ["test/api/report.mjs"])).toContain("npm run api -- --update");
  await succeeds("node", ["test/api/report.mjs", "--update"]);
  await succeeds("node", ["test/api/report.mjs"]);
  expect(read("test/api/sessionwire.api.md")).toContain("createTableHandler");
  const tests = ["boundaries", "package.test", "mutation/guardians", "projects.test", "table/table"];
  const output = await succeeds("npx", vitest(...tests));
  expect(output).toMatch(/Test Files +5 passed/);
}, 300_000);

/** Of the page, without what they say of their place. */
function blocksOf(...languages: readonly string[]): string[] {
  const blocks = [...read(page).matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  return blocks.flatMap(([, language = "", text = ""]) => (languages.includes(language) ? [text] : []));
}

function vitest(...filters: readonly string[]): string[] {
  return ["vitest", "run", "--config", "test/vitest.config.ts", ...filters];
}

function write(program: { readonly name: string; readonly text: string } | undefined): void {
  if (program === undefined) throw new Error("The page has no such program.");
  mkdirSync(dirname(join(copy, program.name)), { recursive: true });
  writeFileSync(join(copy, program.name), program.text);
}

function read(file: string): string {
  return readFileSync(join(copy, file), "utf8");
}

function edit(file: string, edited: (text: string) => string): void {
  const before = read(file);
  const after = edited(before);
  if (after === before) throw new Error(`There is no such place in ${file}.`);
  writeFileSync(join(copy, file), after);
}

async function succeeds(command: string, args: readonly string[]): Promise<string> {
  const { exitCode, output } = await run(command, args);
  expect(exitCode, output).toBe(0);
  return output;
}

/** Of a command that fails. */
async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const { exitCode, output } = await run(command, args);
  expect(exitCode, output).not.toBe(0);
  return output;
}

async function run(command: string, args: readonly string[]): Promise<{ exitCode: unknown; output: string }> {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd: copy, env, maxBuffer: 2 ** 26 });
    return { exitCode: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    return { exitCode: code, output: stdout + stderr };
  }
}
