import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path/posix";

/** The text of files by their paths. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  readonly from: string;
  /** A path within the repository, or the name of a package. */
  readonly of: string;
}

const root = join(import.meta.dirname, "../..");
/** Files that other tests make for a while, and packages. */
const passedOver = /(^|\/)(\.|node_modules\/)/;

/** The programs below some folders. */
export function sourcesBelow(...folders: string[]): Sources {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.m?[jt]s$/.test(name) && !passedOver.test(name))
      .map((name) => join(folder, name)),
  );
  return new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

/** The imports of a file: of types, of values and of what is loaded later. */
export function importsIn(file: string, source: string): Import[] {
  const specifiers = [
    ...source.matchAll(/^(?:import|export)\b[^"'`;=()]*?\bfrom\s+"([^"]+)"/gm),
    ...source.matchAll(/^import\s+"([^"]+)"/gm),
    ...source.matchAll(/\bimport\(\s*"([^"]+)"/g),
  ].map(([, specifier = ""]) => specifier);
  return [...new Set(specifiers)].map((of) => ({ from: file, of: of.startsWith(".") ? join(file, "..", of) : of }));
}
