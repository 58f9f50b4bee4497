import * as core from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { type PhpLocksOptions, withPhpLocks } from "sessionwire/symfony";
import { defineCases } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { lockCases } from "./lock-cases.ts";
import { lockEndCases } from "./lock-end-cases.ts";

const parts = { ...core, withPhpLocks };

defineCases("the locks of PHP", [...lockCases(parts), ...lockEndCases(parts)], { describe, it: test });

test("options that cannot be used are refused when the handler is made", () => {
  const make = (options: unknown) => () => withPhpLocks(createMemoryHandler(), options as PhpLocksOptions);
  for (const options of [undefined, {}, { style: "redis" }, { style: "toString" }, { style: "snc", prefix: 7 }]) {
    expect(make(options)).toThrow(TypeError);
  }
  for (const wrong of [
    { waitMs: -1 },
    { waitMs: 0.5 },
    { waitMs: 2 ** 31 },
    { lockSeconds: 0 },
    { lockSeconds: 3601 },
  ]) {
    expect(make({ style: "phpredis", ...wrong })).toThrow(RangeError);
  }
  for (const wrong of [{ clock: {} }, { random: 0.5 }, { wait: 7 }]) {
    expect(make({ style: "phpredis", ...wrong })).toThrow(TypeError);
  }
});
