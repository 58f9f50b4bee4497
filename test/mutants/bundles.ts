import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/** A source file with something else in it. */
export interface BrokenFile {
  readonly file: string;
  readonly source: string;
}

/** A broken version that cannot even be imported. */
export class UnloadableMutant extends Error {}

/** Makes a module of the core and some adapters for each broken file, and ends with all of them removed. */
export interface Bundles extends Disposable {
  /** Where they lie, for who has to remove them because this process was ended. */
  readonly directory: string;
  load<Parts>(broken: BrokenFile): Promise<Parts>;
  /** The path of the module, for another process to import. */
  write(broken: BrokenFile): Promise<string>;
}

const root = join(import.meta.dirname, "../..");

export function createBundles(...adapters: readonly string[]): Bundles {
  // Below the tests, so that what is imported is found. The configuration of the tests knows the name.
  const directory = mkdtempSync(join(import.meta.dirname, ".broken-"));
  const parts = ["src/index.ts", "src/backend.ts", ...adapters.map((name) => `adapters/${name}.ts`)];
  let count = 0;
  const bundles: Bundles = {
    directory,
    async write(broken) {
      count += 1;
      const outfile = join(directory, `${count}.mjs`);
      await build({
        stdin: { contents: parts.map((part) => `export * from "./${part}";`).join("\n"), resolveDir: root },
        plugins: [inPlaceOf(broken)],
        outfile,
        bundle: true,
        format: "esm",
        platform: "node",
        packages: "external",
        target: "node20",
        logLevel: "silent",
      });
      return outfile;
    },
    async load<Parts>(broken: BrokenFile) {
      try {
        return (await import(/* @vite-ignore */ pathToFileURL(await bundles.write(broken)).href)) as Parts;
      } catch (cause) {
        throw new UnloadableMutant(broken.file, { cause });
      }
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
  return bundles;
}

/** The text of a source file. */
export function readSource(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** Puts in the broken file, and the sources where the package is imported by its name. */
export function inPlaceOf({ file, source }: BrokenFile): Plugin {
  return {
    name: "a broken version",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^sessionwire(\/|$)/ }, ({ path }) => ({ path: join(root, sourceOf(path)) }));
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        path === join(root, file) ? { contents: source, loader: "ts" } : undefined,
      );
    },
  };
}

function sourceOf(specifier: string): string {
  if (specifier === "sessionwire") return "src/index.ts";
  const name = specifier.slice("sessionwire/".length);
  return ["backend", "sockets"].includes(name) ? `src/${name}.ts` : `adapters/${name}.ts`;
}
