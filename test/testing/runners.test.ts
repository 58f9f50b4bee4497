import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const runners = "test/testing/runners";
const bin = (name: string) => join(root, "node_modules", name);

/** How each test runner is called, as people call it. */
const commands: Record<string, readonly string[]> = {
  "node:test": ["--test", "--test-reporter=spec", `${runners}/node-test.mjs`],
  mocha: [bin("mocha/bin/mocha.js"), `${runners}/mocha.mjs`],
  jest: [
    ...["--experimental-vm-modules", bin("jest/bin/jest.js"), "--rootDir", runners, "--verbose"],
    ...["--config", JSON.stringify({ transform: {}, testMatch: ["**/jest.mjs"], moduleFileExtensions: ["mjs", "js"] })],
  ],
  vitest: [bin("vitest/vitest.mjs"), "run", "--root", runners, "--reporter=verbose"],
};

describe.each(Object.entries(commands))("the cases of a handler, run by %s,", (_, command) => {
  test("pass for one that is right, and show why one is not run", async () => {
    const { exitCode, output } = await run(command);
    expect(output).toMatch(/touching what is absent is false and creates nothing \(law 13\)/);
    expect(output).toMatch(/\(law 31\): skipped, a store without a limit/);
    expect(exitCode).toBe(0);
  });

  test("fail for one that is not, and name the law", async () => {
    const { exitCode, output } = await run(command, { BROKEN: "1" });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/touching what is absent is false and creates nothing \(law 13\)/);
  });
});

function run(args: readonly string[], env: Record<string, string> = {}): Promise<{ exitCode: number; output: string }> {
  // Each is a test runner of its own, which must not take itself for a part of this one.
  const foreign = /^(NODE_OPTIONS|NODE_TEST_CONTEXT|NODE_CHANNEL|TEST$|VITEST)/;
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd: root, env: { ...clean, ...env } }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
    });
  });
}
