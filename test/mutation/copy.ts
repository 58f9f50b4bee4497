import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Mutant } from "../laws/mutate.ts";

const root = join(import.meta.dirname, "../..");

/** What became of a mutant: the compiler refuses it, a test fails, none does, or nothing ends. */
export type Fate = "refused" | "found" | "survived" | "hung";

/** A copy of the whole repository, in which a file can be broken while its tests run. */
export interface Copy extends Disposable {
  /** Runs some tests, up to the first that fails, on the sources with that change; none is the sources as they are. */
  try(mutant: Mutant | undefined, tests: readonly string[]): Promise<Fate>;
  /** What was said when something failed last. */
  readonly complaint: string;
}

/** Makes a copy of what git knows of, beside the modules that are installed here. */
export function createCopy(limitMs = 900_000): Copy {
  const copy = mkdtempSync(join(tmpdir(), "sessionwire-mutants-"));
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const name of String(files).split("\0").filter(Boolean)) cpSync(join(root, name), join(copy, name));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  // What is not used any more since a line is gone is no reason to refuse a mutant.
  change(join(copy, "tsconfig.json"), (text) => text.replace(/"noUnused(\w+)": true/g, '"noUnused$1": false'));
  // The broken versions that tests keep are made from the sources as they are.
  const env = { ...process.env, SOURCES_OF_MUTANTS: root };
  let complaint = "";
  /** Whether the command succeeds; `undefined`: it does not end. */
  const isGood = async (file: string, args: readonly string[]) => {
    // In a group of its own: a worker that goes round in circles does not end when the process does that has started it.
    const child = spawn(file, args, { cwd: copy, env, detached: true, stdio: ["ignore", "pipe", "ignore"] });
    const said = text(child.stdout);
    const endGroup = () => child.pid && process.kill(-child.pid, "SIGKILL");
    const timer = setTimeout(endGroup, limitMs);
    const [code, signal] = await once(child, "exit");
    clearTimeout(timer);
    if (code !== 0) complaint = await said;
    return signal === null ? code === 0 : undefined;
  };
  return {
    get complaint() {
      return complaint;
    },
    async try(mutant, tests) {
      const file = mutant && join(copy, mutant.file);
      if (file) change(file, (text) => text.replace(mutant.from, () => mutant.to));
      try {
        if (!(await isGood("npm", ["run", "--silent", "build"]))) return "refused";
        // To find the broken versions that tests keep is nothing that a change of the sources could spoil.
        const args = ["--config", "test/vitest.config.ts", "--bail", "1", "--project", "!slow:mutants", ...tests];
        const passes = await isGood(join("node_modules", ".bin", "vitest"), ["run", ...args]);
        if (passes === undefined) return "hung";
        return passes ? "survived" : "found";
      } finally {
        if (file) cpSync(join(root, mutant.file), file);
      }
    },
    [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }),
  };
}

function change(file: string, changed: (text: string) => string): void {
  const before = readFileSync(file, "utf8");
  const after = changed(before);
  if (after === before) throw new Error(`Nothing has changed in ${file}.`);
  writeFileSync(file, after);
}
