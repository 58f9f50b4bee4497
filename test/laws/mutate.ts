import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Subject } from "./law.ts";

/** A deliberately broken version of the package: what stands in a source file, and what stands there instead. */
export interface Mutant {
  /** The law that it breaks. */
  readonly law: number;
  /** What is wrong with it. */
  readonly bug: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A broken version that cannot even be imported. */
export class UnloadableMutant extends Error {}

/** Elsewhere when the sources here are broken themselves (test/mutation/copy.ts). */
const root = process.env.SOURCES_OF_MUTANTS ?? join(import.meta.dirname, "../..");

/** Makes copies of the sources, one for each mutant, and ends with all of them removed. */
export function createMutants<Parts = Subject>(
  ...adapters: readonly string[]
): {
  load(mutant: Mutant): Promise<Parts>;
  /** The directory of a copy, for another process to import from. */
  write(mutant: Mutant): string;
  [Symbol.dispose](): void;
} {
  // Below the tests, so that the test runner compiles them as it does everything else.
  const directory = mkdtempSync(join(import.meta.dirname, ".mutants-"));
  const names = adapters.length === 0 ? ["memory"] : adapters;
  let count = 0;
  return {
    write({ file, from, to }) {
      count += 1;
      const copy = join(directory, String(count));
      const parts = names.flatMap((name) => [`adapters/${name}.ts`, `adapters/${name}`]);
      for (const part of ["src", "adapters/store-url", "adapters/redis-replies", ...parts]) {
        cpSync(join(root, part), join(copy, part), {
          recursive: true,
          filter: (path) => !path.endsWith("tsconfig.json"),
        });
      }
      const source = readFileSync(join(copy, file), "utf8");
      if (source.split(from).length !== 2) throw new Error(`This stands in ${file} not just once: ${from}`);
      if (changedLines(from, to) > 3) throw new Error(`A mutant may change three lines, not more: ${from}`);
      writeFileSync(
        join(copy, file),
        source.replace(from, () => to),
      );
      importCopies(copy);
      return copy;
    },
    async load(mutant) {
      const copy = this.write(mutant);
      const parts = ["src/index.ts", "src/backend.ts", ...names.map((name) => `adapters/${name}.ts`)];
      const imports = Promise.all(parts.map((part) => import(/* @vite-ignore */ join(copy, part))));
      const modules = await imports.catch((cause: unknown) =>
        Promise.reject(new UnloadableMutant(mutant.file, { cause })),
      );
      return Object.assign({}, ...modules);
    },
    [Symbol.dispose]() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** An adapter imports the package by its name, which would be the real one. */
function importCopies(copy: string): void {
  const adapters = join(copy, "adapters");
  for (const name of readdirSync(adapters, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const file = join(adapters, name);
    const source = readFileSync(file, "utf8").replaceAll(
      / from "sessionwire(\/backend)?"/g,
      (_, subpath = "/index") => {
        return ` from ${JSON.stringify(join(copy, `src${subpath}.ts`))}`;
      },
    );
    writeFileSync(file, source);
  }
}

/** As a line diff counts: the lines that stand on one side only. */
function changedLines(from: string, to: string): number {
  const [before, after] = [from.split("\n"), to.split("\n")];
  const missingIn = (others: string[], lines: string[]) => lines.filter((line) => !others.includes(line)).length;
  return Math.max(missingIn(after, before), missingIn(before, after));
}
