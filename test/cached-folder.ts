import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const cache = join(import.meta.dirname, "../node_modules/.cache/sessionwire");

/**
 * A folder that later runs find again, as long as its recipe stays the same and the packages are not installed anew. `fill` works in
 * one of another name, so that nobody takes half of it for the whole.
 */
export function cachedFolder(name: string, recipe: string, fill: (folder: string) => void): string {
  const key = `${name}-${createHash("sha256").update(recipe).digest("hex").slice(0, 12)}`;
  const folder = join(cache, key);
  if (existsSync(folder)) return folder;
  const unfinished = join(cache, `${process.pid}-${key}`);
  mkdirSync(unfinished, { recursive: true });
  try {
    fill(unfinished);
    for (const other of readdirSync(cache)) if (other.startsWith(`${name}-`)) remove(join(cache, other));
    renameSync(unfinished, folder);
  } finally {
    remove(unfinished);
  }
  return folder;
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
