import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SodiumBoxes } from "sessionwire/symfony";
import { obtainPackages } from "../fixtures/npm-packages.ts";

const manifest = join(import.meta.dirname, "libsodium");

/** Vitest calls it once before the files of a project that needs it. */
export function setup(): void {
  obtainPackages(manifest);
}

/** What the tests use of `libsodium-wrappers`, whose types are not installed. */
type LibSodium = SodiumBoxes & { readonly ready: Promise<void> };

/** Loads the library, ready for use. npm installs it on first use, into a folder below `node_modules/.cache`. */
export async function loadLibSodium(): Promise<LibSodium> {
  const path = createRequire(join(obtainPackages(manifest), "index.js")).resolve("libsodium-wrappers");
  const { default: sodium }: { default: LibSodium } = await import(pathToFileURL(path).href);
  await sodium.ready;
  return sodium;
}
