import { join } from "node:path";
import { obtainPackages } from "../fixtures/npm-packages.ts";

/** Vitest calls it once before the files of a project that needs it. */
export function setup(): void {
  obtainCompilers();
}

/** The folder `node_modules` with the compilers that are older than that of the project. */
export function obtainCompilers(): string {
  return obtainPackages(join(import.meta.dirname, "compilers"));
}
