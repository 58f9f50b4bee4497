import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cachedFolder } from "../fixtures/cached-folder.ts";
import { obtain, versions } from "../versions/servers.ts";
import { versionOf } from "../versions/version-of.ts";
import { findExecutable } from "./debian.ts";

/** Vitest calls it once before the files of a project that needs it. */
export function setup(): void {
  folderOfValkey();
}

/** Lets this process start Valkey wherever a test starts a Redis server. Gives its version. */
export function useValkey(): string {
  const folder = folderOfValkey();
  process.env.PATH = [folder, process.env.PATH].join(delimiter);
  return versionOf({ command: join(folder, "redis-server") });
}

/** Where Valkey lies as redis-server: the one of this machine if it has commands that compare, else one of a newer suite of Debian. */
function folderOfValkey(): string {
  const own = findExecutable("valkey-server");
  if (own !== undefined && compares(versionOf({ command: own }))) return folderFor(own);
  if (findExecutable("apt-get") === undefined) {
    throw new Error("These tests need Valkey 8.1 or later as valkey-server: brew install valkey, for example.");
  }
  return join(obtain(versions.valkey.suite), "bin", versions.valkey.program.package);
}

function compares(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 8 || (major === 8 && minor >= 1);
}

function folderFor(command: string): string {
  return cachedFolder({ name: "valkey", description: `a place for ${command}`, recipe: command }, (folder) => {
    writeFileSync(join(folder, "redis-server"), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  });
}
