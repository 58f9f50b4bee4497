// @module-tag real-time

import { join } from "node:path";
import { expect, test } from "vitest";
import { bin, runTests } from "../processes/test-runner.ts";

test("a real-time test is retried if the machine stood still while it failed, and no other test is", async () => {
  const config = join(import.meta.dirname, "sample/vitest.config.ts");
  const { output } = await runTests([bin("vitest/vitest.mjs"), "run", "--config", config, "--reporter=verbose"], {
    NO_COLOR: "1",
  });
  const outcomes = output.match(/(?<=^ )[✓×].*sample.*$/gmu)?.map((line) => line.replace(/ \d+ms/, ""));
  expect(outcomes?.sort()).toEqual([
    "× stalls/sample/other.sample.ts > of something else, fails while the machine stands still",
    "× stalls/sample/real-time.sample.ts > of real time, fails while the machine runs",
    "✓ stalls/sample/real-time.sample.ts > of real time, fails while the machine stands still (retry x1)",
  ]);
  for (const name of ["of something else", "of real time"]) {
    expect(output).toMatch(
      new RegExp(`^${name}, .*still: expected 1 to be 2.*\nThe machine stood still for \\d+ ms`, "m"),
    );
  }
}, 60_000);
