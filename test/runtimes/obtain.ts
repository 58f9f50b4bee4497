import { execFileSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cachedFolder } from "../cached-folder.ts";

/** Folders here with a `package.json` and its lock file, which name exact versions and their checksums. */
type Manifest = "installation" | "least-clients";

/** Vitest calls it once before the files of a project that needs it. */
export function setup(): void {
  obtain("installation");
  obtain("least-clients");
}

/** The folder `node_modules` with the packages of a manifest. Gets them from npm first when nobody has. */
export function obtain(manifest: Manifest): string {
  const source = join(import.meta.dirname, manifest);
  const lock = readFileSync(join(source, "package-lock.json"), "utf8");
  const description = `what test/runtimes/${manifest}/package.json names from npm`;
  const folder = cachedFolder({ name: manifest, description, recipe: lock }, (unfinished) => {
    for (const file of ["package.json", "package-lock.json"]) cpSync(join(source, file), join(unfinished, file));
    // What is needed of the packages are the programs in them, for which no script has to run.
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
    execFileSync("npm", args, { cwd: unfinished, stdio: ["ignore", "ignore", "inherit"] });
  });
  return join(folder, "node_modules");
}
