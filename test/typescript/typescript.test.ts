import { execFile } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bin } from "../processes/test-runner.ts";
import { type Installation, installAlone } from "../url/installation.ts";
import { obtainCompilers } from "./compilers.ts";
import { declared, everything, fastify, importedLater, inferred, undeclared } from "./programs.ts";

const clients = ["express", "express-session", "fastify", "@fastify/session", "fast-check", "ioredis", "memjs", "ws"];
const types = ["express", "express-session", "memjs", "node", "ws"].map((name) => `@types/${name}`);

// A compiler takes its time on a machine that has others to do.
vi.setConfig({ testTimeout: 120_000 });

let installation: Installation;
beforeAll(() => {
  installation = installAlone(...clients, ...types);
});
afterAll(() => installation[Symbol.dispose]());

type Settings = Readonly<Record<string, unknown>>;
type Version = "5.0" | "5.8" | "this one";

const moduleOf = {
  bundler: { module: "esnext", moduleResolution: "bundler" },
  node10: { module: "commonjs", moduleResolution: "node10" },
  node16: { module: "node16" },
  nodenext: { module: "nodenext" },
} satisfies Record<string, Settings>;

/** Compiles a program in a package of this type, and answers with the codes of the errors, each once, and where the output is. */
async function compile(version: Version, type: "commonjs" | "module", program: string, settings: Settings) {
  const home = await mkdtemp(join(installation.home, "project-"));
  const compilerOptions = { strict: true, target: "es2022", esModuleInterop: true, skipLibCheck: true, ...settings };
  const options = { types: ["node"], outDir: "out", ...compilerOptions };
  await writeFile(join(home, "package.json"), JSON.stringify({ type }));
  await writeFile(join(home, "program.ts"), program);
  await writeFile(join(home, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["program.ts"] }));
  const compiler = version === "this one" ? bin("typescript") : join(obtainCompilers(), `typescript-${version}`);
  const compiling = promisify(execFile)(process.execPath, [join(compiler, "bin/tsc"), "--project", home]);
  const { stdout } = await compiling.catch((error: { stdout: string }) => error);
  const codes = new Set([...stdout.matchAll(/error (TS\d+)/g)].map(([, code]) => code));
  return { codes: [...codes], output: join(home, "out/program.js") };
}

describe("all subpaths of the package are found, with their types, by TypeScript", () => {
  test.each([
    ["5.0", "module", "node16"],
    ["5.0", "commonjs", "node10"],
    ["5.0", "commonjs", "bundler"],
    ["5.8", "module", "nodenext"],
    ["5.8", "commonjs", "nodenext"],
    ["this one", "module", "node16"],
    ["this one", "commonjs", "nodenext"],
    ["this one", "commonjs", "bundler"],
  ] as const)("%s, in a package of the type %s, as %s resolves them", async (version, type, resolution) => {
    expect((await compile(version, type, everything, moduleOf[resolution])).codes).toEqual([]);
  });

  test("without skipLibCheck", async () => {
    const settings = { ...moduleOf.nodenext, skipLibCheck: false };
    expect((await compile("5.8", "module", withoutTools(everything), settings)).codes).toEqual([]);
  });

  test.each(["5.8", "this one"] as const)(
    "%s except for node16 in CommonJS, which does not know that Node can require them",
    async (version) => {
      expect((await compile(version, "commonjs", undeclared, moduleOf.node16)).codes).toEqual(["TS1479"]);
      expect((await compile(version, "commonjs", importedLater, moduleOf.node16)).codes).toEqual([]);
    },
  );
});

test("CommonJS output of a compiler runs on this Node", async () => {
  const { output } = await compile("5.8", "commonjs", everything, moduleOf.node10);
  expect(await installation.run(output)).toBe("function function function\n");
});

test.each(["5.0", "5.8", "this one"] as const)(
  "with exactOptionalPropertyTypes, the store has the promised types with TypeScript %s",
  async (version) => {
    const settings = { ...moduleOf.node16, exactOptionalPropertyTypes: true };
    for (const program of [declared + fastify, undeclared]) {
      expect((await compile(version, "module", program, settings)).codes).toEqual([]);
    }
  },
);

test.each(["5.0", "5.8", "this one"] as const)("types are inferred from a schema by TypeScript %s", async (version) => {
  expect((await compile(version, "module", inferred, moduleOf.node16)).codes).toEqual([]);
});

test("without exactOptionalPropertyTypes, the store has the promised types", async () => {
  for (const program of [declared, undeclared, fastify]) {
    expect((await compile("this one", "module", program, moduleOf.node16)).codes).toEqual([]);
  }
});

describe("Jest", () => {
  const required =
    'test("loads", () => expect(require("sessionwire/memory").createMemoryHandler).toBeInstanceOf(Function));';
  const imported = `test("loads", async () => {
    const { createMemoryHandler } = await import("sessionwire/memory");
    expect(createMemoryHandler).toBeInstanceOf(Function);
  });`;

  test("loads no ES module by require, which is its default", async () => {
    expect(await jest("required", required)).toContain("Must use import to load ES Module");
    expect(await jest("required-of-vm", required, "--experimental-vm-modules")).toContain("Must use import");
  });

  test("imports the package in its mode for ES modules", async () => {
    expect(await jest("imported", imported, "--experimental-vm-modules")).toContain("1 passed");
    expect(await jest("not-imported", imported)).toContain("experimental-vm-modules");
  });

  async function jest(name: string, program: string, ...nodeArguments: string[]): Promise<string> {
    const home = join(installation.home, name);
    await mkdir(home);
    await writeFile(join(home, "package.json"), "{}");
    await writeFile(join(home, "package.test.js"), program);
    const args = [...nodeArguments, bin("jest/bin/jest.js"), "--rootDir", home];
    const running = promisify(execFile)(process.execPath, args, { cwd: home });
    const { stderr } = await running.catch((error: { stderr: string }) => error);
    return stderr;
  }
});

/** fast-check has types that need those of other packages. */
function withoutTools(program: string): string {
  return program
    .replaceAll(/^import .*"sessionwire\/testing.*\n/gm, "")
    .replace(", handlerCases", "")
    .replace("sessionContract, ", "");
}
