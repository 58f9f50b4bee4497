import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Copies what git knows of and what is new, beside the modules that are installed here, and returns the path of the copy. */
export function copyRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), "sessionwire-copy-"));
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const name of String(files).split("\0").filter(Boolean)) cpSync(join(root, name), join(copy, name));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}
