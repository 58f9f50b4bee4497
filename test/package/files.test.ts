import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const subpaths = Object.keys(exports).filter((subpath) => !subpath.endsWith(".json"));

/** Prints the address of each module that is loaded. */
const hooks = `
  import { writeSync } from "node:fs";
  export const load = (url, context, next) => (writeSync(1, url + "\\n"), next(url, context));
`;
const registration = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(hooks))});`;

describe.each(subpaths)("an import of %s", (subpath) => {
  test("loads one file, at most one shared one, and those of the core", async () => {
    const program = `import "sessionwire${subpath.slice(1)}";`;
    const args = ["--import", dataUrl(registration), "--input-type=module", "--eval", program];
    const { stdout } = await run(process.execPath, args, { cwd: root });
    const files = stdout.split("\n").flatMap((url) => url.split(`${root}/dist/`)[1] ?? []);
    const own = files.filter((file) => file.startsWith("adapters/"));
    expect(files).toContain(exports[subpath].default.slice("./dist/".length));
    expect(own.length).toBeLessThanOrEqual(2);
    expect(files.length - own.length).toBeLessThanOrEqual(4);
  });
});

test("no part of the core is in two files, and of the adapters only shared parts without state are", () => {
  const places = new Map<string, string[]>();
  const dist = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" });
  for (const file of dist.filter((name) => name.endsWith(".js"))) {
    for (const [, source = ""] of readFileSync(join(root, "dist", file), "utf8").matchAll(
      /^\/\/ ((?:src|adapters)\/\S+\.ts)$/gm,
    )) {
      places.set(source, [...(places.get(source) ?? []), file]);
    }
  }
  const repeated = [...places].filter(([, files]) => files.length > 1).map(([source]) => source);
  expect(places.get("src/errors.ts")).toEqual(["src/core.js"]);
  expect(repeated.filter((source) => !/^adapters\/(store-url|redis-replies)\//.test(source))).toEqual([]);
  for (const source of repeated)
    expect(readFileSync(join(root, source), "utf8")).not.toMatch(/^(export )?class |new \w+Map/m);
});

describe("the published package", () => {
  let files: { readonly path: string; readonly size: number }[] = [];
  let packedBytes = 0;
  beforeAll(async () => {
    const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root });
    const [tarball] = Object.values<{ files: typeof files; size: number }>(JSON.parse(stdout));
    files = tarball?.files ?? [];
    packedBytes = tarball?.size ?? Number.NaN;
  });

  test("has programs, their types and a few texts, and neither sources nor source maps", () => {
    const paths = files.map(({ path }) => path);
    for (const { types, default: program } of subpaths.map((subpath) => exports[subpath])) {
      expect(paths).toContain(types.slice(2));
      expect(paths).toContain(program.slice(2));
    }
    const rest = paths.filter((path) => !/^dist\/(src|adapters)\/.*(\.d\.ts|\.js)$/.test(path));
    expect(rest.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
  });

  test("has less than 400 kB", () => {
    expect(packedBytes).toBeLessThan(400_000);
  });

  test("has types of which a file stands for each subpath, and nothing in them that no subpath leads to", () => {
    const types = files.map(({ path }) => path).filter((path) => path.endsWith(".d.ts"));
    const shared = ["dist/src/core.d.ts", "dist/adapters/testing/kit.d.ts"];
    expect(types.sort()).toEqual([...subpaths.map((subpath) => exports[subpath].types.slice(2)), ...shared].sort());
    for (const path of types) {
      const text = readFileSync(join(root, path), "utf8");
      for (const [, name = ""] of text.matchAll(/^(?:declare \w+|interface|type) (\w+)/gm)) {
        expect([...text.matchAll(new RegExp(`\\b${name}\\b`, "g"))].length, `${name} in ${path}`).toBeGreaterThan(1);
      }
    }
  });

  test("has readable programs: no line is longer than a page is wide", () => {
    const programs = files.map(({ path }) => path).filter((path) => path.endsWith(".js"));
    expect(programs.length).toBeLessThan(24);
    for (const program of programs) {
      const lines = readFileSync(join(root, program), "utf8").split("\n");
      const isLong = (line: string) => line.length > 200 && !/^(import|export) /.test(line);
      expect(lines.filter(isLong).length).toBeLessThan(lines.length / 100);
    }
  });
});

function dataUrl(program: string): string {
  return `data:text/javascript,${encodeURIComponent(program)}`;
}
