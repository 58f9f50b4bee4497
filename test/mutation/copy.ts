import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { copyRepository } from "../fixtures/repository-copy.ts";
import type { BrokenFile } from "../mutants/bundles.ts";

const root = join(import.meta.dirname, "../..");

/** What became of a mutant: the compiler refuses it, a test fails, none does, or nothing ends. */
export type Fate = "refused" | "found" | "survived" | "hung";

/** A copy of the whole repository, in which a file can be broken while its tests run. */
export interface Copy extends Disposable {
  /** Compiles the sources with that change, or as they are, and runs some tests, up to the first that fails. */
  try(broken: BrokenFile | undefined, tests: readonly string[]): Promise<Fate>;
  /** What was said when something failed last. */
  readonly complaint: string;
}

/** Makes a copy of the repository. */
export function createCopy(limitMs = 900_000): Copy {
  const copy = copyRepository();
  // What is not used any more since a line is gone is no reason to refuse a mutant.
  change(join(copy, "tsconfig.json"), (text) => text.replace(/"noUnused(\w+)": true/g, '"noUnused$1": false'));
  let complaint = "";
  /** Whether the command succeeds; `undefined`: it does not end. */
  const isGood = async (file: string, args: readonly string[]) => {
    // In a group of its own: a worker that goes round in circles does not end when the process does that has started it.
    const child = spawn(file, args, { cwd: copy, detached: true, stdio: ["ignore", "pipe", "ignore"] });
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
    async try(broken, tests) {
      if (broken) writeFileSync(join(copy, broken.file), broken.source);
      try {
        if (!(await isGood("npm", ["run", "--silent", "build"]))) return "refused";
        if (tests.length === 0) return "survived";
        const args = [
          "--config",
          "test/vitest.config.ts",
          "--bail",
          "1",
          "--project",
          "quick:*",
          "--project",
          "servers:*",
        ];
        const passes = await isGood(join("node_modules", ".bin", "vitest"), ["run", ...args, ...tests]);
        if (passes === undefined) return "hung";
        return passes ? "survived" : "found";
      } finally {
        if (broken) cpSync(join(root, broken.file), join(copy, broken.file));
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
