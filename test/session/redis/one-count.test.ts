import { describe, expect, test } from "vitest";
import { count, times, ways } from "./count.ts";

describe.each(ways)("one count in the %s format, to which two processes add 1 by %s,", (format, way) => {
  test("is exact (law 87)", async () => {
    await using outcome = await count(format, way, false);
    expect(outcome.stored.n).toBe(2 * times);
    for (const { unknown, notApplied, doubts } of outcome.reports) {
      expect([unknown, notApplied, doubts]).toEqual([[], [], 0]);
    }
    expect(outcome.total("conflicts")).toBeGreaterThan(0);
    console.info(
      `${format}, ${way}: 0 of ${2 * times} lost, ${outcome.total("conflicts")} conflicts, ${outcome.ms} ms`,
    );
  }, 60_000);
});
