import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import type { SiteFiles } from "./references.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

/** The folder of the site that `npm run docs` makes. */
export const siteFolder: string = join(root, "site");

/** Makes the site of this repository. Rejects with all that was printed if anything is wrong with it. */
export async function makeSite(): Promise<void> {
  await run("npm", ["run", "--silent", "docs"], { cwd: root });
}

/** Returns what is printed about a repository of these files, whose site cannot be made. */
export async function complaintsAbout(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "site-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const main = join(root, "docs/site/main.mjs");
    return await run(process.execPath, [main, folder], { cwd: folder }).then(
      () => "",
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads the files of the site. */
export async function readSite(): Promise<SiteFiles> {
  const entries = await readdir(siteFolder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    await Promise.all(paths.map(async (path) => [relative(siteFolder, path), await readFile(path, "utf8")] as const)),
  );
}
