import { describe, expect, test } from "vitest";
import { bin, runTests } from "../processes/test-runner.ts";

const runners = "test/testing/runners";

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

/** What is said of the laws of listing, on a handler that does not list. */
const skippedMeanwhile: Record<string, RegExp> = {
  "node:test": /all sessions may be destroyed page by page.* the handler does not list/,
  mocha: /- all sessions may be destroyed page by page/,
  vitest: /all sessions may be destroyed page by page.*the handler does not list/,
};

describe.each(Object.entries(commands))("the cases of a handler, run by %s,", (runner, command) => {
  test("pass for a correct one, and say why one is skipped", async () => {
    const { exitCode, output } = await runTests(command);
    expect(output).toMatch(/touching an absent session returns false and creates nothing \(law 13\)/);
    expect(output).toMatch(/\(law 31\): skipped, a store without a limit/);
    expect(exitCode).toBe(0);
    // With jest, a test cannot say while it runs that there is nothing to try.
    if (runner !== "jest") expect(output).toMatch(skippedMeanwhile[runner] ?? "");
  });

  test("fail for an incorrect one, and name the law", async () => {
    const { exitCode, output } = await runTests(command, { BROKEN: "1" });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/touching an absent session returns false and creates nothing \(law 13\)/);
  });
});
