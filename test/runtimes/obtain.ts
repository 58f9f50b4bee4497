import { join } from "node:path";
import { obtainPackages } from "../fixtures/npm-packages.ts";

/** Folders here that say what to get from npm. */
type Manifest = "installation" | "least-clients";

/** Vitest calls it once before the files of a project that needs it. */
export function setup(): void {
  obtain("installation");
  obtain("least-clients");
}

/** The folder `node_modules` with the packages of a manifest. */
export function obtain(manifest: Manifest): string {
  return obtainPackages(join(import.meta.dirname, manifest));
}
