import { describe, expect, test } from "vitest";
import { count, names, times, ways } from "./count.ts";

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

  test("contains every resolved call once and no call that was not applied, while connections are killed and replies lost (laws 87 and 91)", async () => {
    await using outcome = await count(format, way, true);
    const { stored, reports, total } = outcome;
    expect(stored.n).toBe(stored.first.length + stored.second.length);
    for (const [place, { resolved, unknown, notApplied }] of reports.entries()) {
      const calls = stored[names[place] ?? "first"];
      const counted = new Set(calls);
      expect(counted.size).toBe(calls.length);
      expect(resolved.filter((call) => !counted.has(call))).toEqual([]);
      expect(notApplied.filter((call) => counted.has(call))).toEqual([]);
      const explained = new Set([...resolved, ...unknown]);
      expect(calls.filter((call) => !explained.has(call))).toEqual([]);
    }
    expect(stored.n).toBeGreaterThanOrEqual(2 * times);
    expect(stored.n).toBeLessThanOrEqual(2 * times + total("unknown"));
    if (format === "native" && way === "save") expect(stored.n).toBe(2 * times);
    expect(total("conflicts")).toBeGreaterThan(0);
    console.info(
      `${format}, ${way}, connections killed ${outcome.disturbances} times in ${outcome.ms} ms: ${2 * times} resolved, ` +
        `${stored.n - 2 * times} of ${total("unknown")} unknown counted, ${total("notApplied")} not applied, ` +
        `${total("doubts")} doubts cleared up, ${total("undecidable")} not; ${total("conflicts")} conflicts`,
    );
  }, 60_000);
});
