import { execFile } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A file of an installed package. */
export const bin = (name: string) => join(root, "node_modules", name);

/** Runs tests in a process of their own. Node's arguments come first: the script of the test runner, or `--test`. */
export function runTests(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ exitCode: number; output: string }> {
  // Each is a test runner of its own, which must not take itself for a part of this one.
  const foreign = /^(NODE_OPTIONS|NODE_TEST_CONTEXT|NODE_CHANNEL|TEST$|VITEST)/;
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd: root, env: { ...clean, ...env } }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
    });
  });
}
