import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { brokenStores, openBroken } from "./broken-stores.ts";
import { type Report, runChaos } from "./chaos.ts";
import { openMemcached } from "./memcached-stage.ts";
import { redisStages } from "./redis-stages.ts";
import { limits, type Stage } from "./stage.ts";
import { openUpstash } from "./upstash-stage.ts";

/** `npm run chaos` runs for longer. */
const seconds = Number(process.env.CHAOS_SECONDS ?? 8);
const seed = Number(process.env.CHAOS_SEED ?? 1);

expectNoEscapes();

describe.each(Object.entries({ ...redisStages, Upstash: openUpstash, Memcached: openMemcached }))(
  "%s, disturbed without a pause",
  (name, openStage) => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await openStage();
    });
    afterEach(() => stage.stop());

    test(
      "answers every call in time, loses no acknowledged change and revives nothing",
      async () => {
        const report = await runChaos(stage, { seconds, seed });
        console.info(`${name}, seed ${seed}, ${seconds} s: ${describeReport(report)}`);
        expect(report).toMatchObject({ violations: [], excess: 0, openConnections: 0 });
        expect(report.slowestMs).toBeLessThan(limits.worstMs);
        expect(report.updates).toBeGreaterThan(seconds * 20);
        expect(Object.keys(report.codes).length).toBeGreaterThan(0); // otherwise nothing has been disturbed
        expect(report.missing).toBeLessThan(report.updates / 20); // of a failover, what the successor had not received
        if (!stage.mayForget) expect(report).toMatchObject({ missing: 0, returned: 0 });
      },
      (seconds + 120) * 1000,
    );
  },
);

test.each(Object.entries(brokenStores))("a store that %s is detected", async (_, broken) => {
  const report = await runChaos(openBroken(broken), { seconds: 2, seed });
  expect(broken.shows(report)).toBe(true);
});

function describeReport(report: Report): string {
  const { calls, updates, reads, lives, unknown, codes, lost, faults, missing, returned, slowestMs } = report;
  return [
    `${calls} calls (${updates} updates, ${reads} reads, ${lives} sessions made and ended)`,
    `${Object.values(faults).reduce((sum, times) => sum + times, 0)} faults (${print(faults)})`,
    `failures: ${print(codes)}; ${unknown} updates of unknown outcome`,
    `slowest call ${slowestMs} ms`,
    `missing ${missing}, returned ${returned}, sessions lost with their store ${lost}`,
  ].join("; ");
}

function print(counts: Partial<Readonly<Record<string, number>>>): string {
  return Object.entries(counts)
    .map(([name, times]) => `${name} ${times}`)
    .join(", ");
}
