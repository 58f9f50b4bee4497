import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const cache = join(import.meta.dirname, "../node_modules/.cache/sessionwire");

/** What is kept in a folder of its own. */
interface Contents {
  readonly name: string;
  /** For the one who waits for it. */
  readonly description: string;
  /** With another recipe it is made anew. */
  readonly recipe: string;
}

/**
 * A folder that later runs find again, until the packages of the project are installed anew. `fill` works in one of another name, so
 * that nobody takes half of it for the whole.
 */
export function cachedFolder({ name, description, recipe }: Contents, fill: (folder: string) => void): string {
  const key = `${name}-${createHash("sha256").update(recipe).digest("hex").slice(0, 12)}`;
  const folder = join(cache, key);
  if (existsSync(folder)) return folder;
  const unfinished = join(cache, `${process.pid}-${key}`);
  mkdirSync(unfinished, { recursive: true });
  console.log(`Getting ${description}, because the tests need it.`);
  try {
    fill(unfinished);
    for (const other of readdirSync(cache)) if (other.startsWith(`${name}-`)) remove(join(cache, other));
    renameSync(unfinished, folder);
  } catch (cause) {
    throw new Error(`The tests need ${description}, which could not be had.`, { cause });
  } finally {
    remove(unfinished);
  }
  return folder;
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
