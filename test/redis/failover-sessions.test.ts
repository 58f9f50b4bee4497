// @module-tag real-time

import { createSessionManager, type ListingSessionHandler, withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { findLostUpdates, idsOf } from "sessionwire/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Process, startProcess } from "../processes/processes.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { startRedisSentinels } from "../servers/redis-sentinel.ts";
import type { RedisServer } from "../servers/redis-server.ts";
import { clusterClient } from "./cluster-scene.ts";
import { expectNoEscapes } from "./escapes.ts";
import type { Called, CallerReport, StoreOptions } from "./failover-caller.child.ts";

expectNoEscapes();

const names = ["first", "second"] as const;

interface Stage {
  readonly store: StoreOptions;
  readonly handler: ListingSessionHandler;
  masterOf(key: string): Promise<RedisServer>;
  successorOf(former: RedisServer, key: string): Promise<RedisServer>;
  stop(): Promise<void>;
}

const stages: Record<string, () => Promise<Stage>> = {
  async Cluster() {
    const cluster = await startRedisCluster();
    const handler = withConnectionCheck(createRedisHandler(clusterClient(cluster.servers)));
    return { ...cluster, handler, store: { nodes: cluster.startupNodes } };
  },
  async Sentinel() {
    const group = await startRedisSentinels();
    const store = { sentinels: group.addresses, name: group.name };
    return {
      ...group,
      handler: withConnectionCheck(createRedisHandler({ ...store })),
      store,
      masterOf: () => group.master(),
    };
  },
};

describe.each(Object.entries(stages))("a session on %s that two processes change", (where, open) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await open();
  });
  afterEach(async () => {
    await stage.handler.close();
    await stage.stop();
  });

  test("keeps every change (laws 85 and 87)", async () => {
    const { stored, reports } = await callUntil(stage, () => pause(1500));
    for (const name of names) {
      expect(reports[name]).toMatchObject({ unknown: [], notApplied: [] });
      expect(stored[name]).toEqual(reports[name].resolved);
    }
    expect(stored.count).toBe(stored.first.length + stored.second.length);
    console.info(`${where}: 0 of ${stored.count} updates of two processes lost`);
  }, 60_000);

  test.each([
    ["killed", (server: RedisServer) => server.kill()],
    ["frozen", (server: RedisServer) => server.freeze()],
  ])(
    "loses in a failover what the successor had not received, and nothing else, when the master is %s (laws 34, 38, 85 and 87)",
    async (how, end) => {
      const { stored, reports } = await callUntil(stage, async (key) => {
        await pause(1000);
        const master = await stage.masterOf(key);
        await end(master);
        await stage.successorOf(master, key);
        await pause(2000);
      });
      const calls = names.map((name) => compare(stored[name], reports[name]));
      expect(stored.count).toBe(stored.first.length + stored.second.length);
      expect(names.some((name) => reports[name].codes.length > 0)).toBe(true);
      for (const { afterwards, slowestMs } of calls) {
        expect(afterwards).toBeGreaterThan(0);
        expect(slowestMs).toBeLessThan(5000);
      }
      const sum = (of: (call: (typeof calls)[number]) => number) => calls.reduce((total, call) => total + of(call), 0);
      console.info(
        `${where}, the master ${how}: ${sum(({ missing }) => missing)} of ${sum(({ resolved }) => resolved)} acknowledged ` +
          `updates missing, ${sum(({ unknown }) => unknown)} unknown, slowest call ${Math.max(...calls.map((c) => c.slowestMs))} ms`,
      );
    },
    90_000,
  );
});

/** What the numbers of one process say: those of its acknowledged calls that are missing must have been the last before the failover. */
function compare(stored: readonly number[], { resolved, unknown, notApplied, slowestMs }: CallerReport) {
  const { missing, repeated, uninvited } = findLostUpdates({ acknowledged: resolved, unknown }, stored);
  expect({ repeated, uninvited }).toEqual({ repeated: [], uninvited: [] });
  const [first = Number.POSITIVE_INFINITY, last = Number.NEGATIVE_INFINITY] = [missing.at(0), missing.at(-1)];
  expect(stored.filter((call) => first < call && call < last)).toEqual([]);
  const failedAt = Math.min(...notApplied, ...unknown);
  const afterwards = stored.filter((call) => call > failedAt).length;
  return { missing: missing.length, resolved: resolved.length, unknown: unknown.length, afterwards, slowestMs };
}

async function callUntil(
  { store, handler }: Stage,
  isOver: (key: string) => Promise<void>,
): Promise<{ stored: Called; reports: Record<(typeof names)[number], CallerReport> }> {
  const sessions = createSessionManager<Called>({ handler });
  const session = await sessions.create();
  session.set("count", 0);
  session.set("first", []);
  session.set("second", []);
  await session.save();
  const [key = ""] = await idsOf(handler);
  const env = { STORE: JSON.stringify(store), SESSION_ID: session.id };
  const script = new URL("./failover-caller.child.ts", import.meta.url);
  const running = names.map((name): Process => startProcess(script, { ...env, PROCESS_NAME: name }));
  try {
    await Promise.all(running.map((each) => each.next()));
    for (const each of running) each.send("begin");
    await isOver(key);
    for (const each of running) each.send("stop");
    const [first, second] = await Promise.all(running.map((each) => each.next<CallerReport>()));
    if (!first || !second) throw new Error("A process has not reported.");
    const found = await vi.waitUntil(() => sessions.open(session.id).catch(() => undefined), { timeout: 10_000 });
    const stored = {
      count: found.get("count") ?? 0,
      first: found.get("first") ?? [],
      second: found.get("second") ?? [],
    };
    return { stored, reports: { first, second } };
  } finally {
    for (const each of running) each[Symbol.dispose]();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
