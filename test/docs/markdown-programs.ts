import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** A program that stands in a page. */
export interface Program {
  /** The name of its file, where its first line says one. */
  readonly name: string;
  readonly text: string;
}

const compiler = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");

/** The programs of a page, by its path from the top of the repository, in their order. */
export async function programsOf(page: string): Promise<Program[]> {
  const text = await readFile(join(import.meta.dirname, "../..", page), "utf8");
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, program = ""], place) => ({
    name: /^\/\/ (\S+\.ts)\n/.exec(program)?.[1] ?? `${place}.ts`,
    text: program,
  }));
}

/** A folder with programs in it, below the tests, so that they find the package by its name. */
export async function writePrograms(
  programs: readonly Program[],
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(import.meta.dirname, ".programs-"));
  for (const { name, text } of programs) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** Runs one as a reader would, and resolves to what it prints. */
export async function runProgram(path: string, timeout = 20_000): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", "tsx", path], {
    timeout,
  });
  return stdout + stderr;
}

/** Returns what the compiler complains of in the programs of some pages, each page a folder; `""` for nothing. */
export async function typeErrorsOf(pages: Readonly<Record<string, readonly Program[]>>): Promise<string> {
  const modules = Object.entries(pages).flatMap(([page, programs]) =>
    programs.map(({ name, text }) => ({ name: `${page}/${name}`, text: `${text}\nexport {};\n` })),
  );
  const compilerOptions = { noUnusedLocals: false }; // a reader goes on where a program ends
  const files = modules.map(({ name }) => name);
  const config = { extends: "../../../tsconfig.json", compilerOptions, include: [], files };
  await using folder = await writePrograms([...modules, { name: "tsconfig.json", text: JSON.stringify(config) }]);
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, "--project", folder.path]).catch(
    (error: { stdout: string }) => error,
  );
  return stdout;
}
