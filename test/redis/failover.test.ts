// @module-tag real-time

import { Redis } from "ioredis";
import { withConnectionCheck } from "sessionwire";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { describe, expect, test } from "vitest";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { startRedisSentinels } from "../servers/redis-sentinel.ts";
import type { RedisServer } from "../servers/redis-server.ts";
import { replicated } from "../servers/replication.ts";
import { clusterClient, openBareCluster } from "./cluster-scene.ts";
import { expectNoEscapes } from "./escapes.ts";
import { writeThrough } from "./failover.ts";
import { create, textOf } from "./session-data.ts";
import { isPendingAfter } from "./settling.ts";

expectNoEscapes();

const limits = { pingTimeoutMs: 300, reconnectTimeoutMs: 700 };
const timeoutMs = 500;
/** What a call may take with the check, and what a busy machine may add. */
const boundMs = limits.pingTimeoutMs + limits.reconnectTimeoutMs + timeoutMs + 500;

interface Stage extends AsyncDisposable {
  readonly source: RedisSource;
  readonly bare: { get(key: string): Promise<unknown> } & Disposable;
  masterOf(id: string): Promise<RedisServer>;
  successorOf(former: RedisServer, id: string): Promise<RedisServer>;
}

const stages: Record<string, () => Promise<Stage>> = {
  async Cluster() {
    const cluster = await startRedisCluster();
    const source = clusterClient(cluster.servers);
    const bare = openBareCluster(cluster.servers);
    return { ...cluster, source, bare, [Symbol.asyncDispose]: cluster.stop };
  },
  async Sentinel() {
    const group = await startRedisSentinels();
    const source = { sentinels: group.addresses, name: group.name };
    const client = new Redis(source);
    client.on("error", () => {});
    const bare = Object.assign(client, {
      [Symbol.dispose]() {
        client.disconnect();
        client.stream?.destroy();
      },
    });
    return { ...group, source, bare, masterOf: () => group.master(), [Symbol.asyncDispose]: group.stop };
  },
};

const ends: [string, (server: RedisServer) => unknown][] = [
  ["killed", (server) => server.kill()],
  ["frozen", (server) => server.freeze()],
];

describe.each(Object.entries(stages))("on %s", (where, open) => {
  test.each(ends)(
    "after a master was %s, the handler continues on its successor; every call settles in time, and nothing old returns (laws 34, 38, 59, 60)",
    async (how, end) => {
      await using stage = await open();
      using bare = stage.bare;
      await using checked = withConnectionCheck(createRedisHandler(stage.source, { timeoutMs }), limits);
      await using handler = createRedisHandler(stage.source, { timeoutMs }); // one that nobody checks
      const { id, version } = await create(checked, "0");
      await handler.read(id);
      const master = await stage.masterOf(id);
      await bare.get(id);
      await replicated(master, 1);

      let bareHangs: Promise<boolean> | undefined;
      const crossing = await writeThrough(checked, id, version, async () => {
        await end(master);
        if (how === "frozen") bareHangs = stage.successorOf(master, id).then(() => isPendingAfter(1000, bare.get(id)));
      });
      console.info(`${where}, the master ${how}: ${JSON.stringify(crossing)}`);
      expect(crossing.slowestMs).toBeLessThan(boundMs);
      expect(crossing.codes).not.toEqual([]);
      for (const code of crossing.codes) expect(["timeout", "unavailable", "read-only"]).toContain(code);
      if (how === "frozen") expect(await bareHangs).toBe(true);

      const successor = await stage.successorOf(master, id);
      if (how === "killed") expect(textOf(await untilAnswered(() => handler.read(id)))).not.toBe("0");
      const last = textOf(await checked.read(id));
      expect(await successor.command("get", id)).toBe(last);
      if (how === "frozen") master.thaw(); // it comes back as a master, until it hears what has happened
      for (let n = 0; n < 50; n += 1) expect(textOf(await checked.read(id))).toBe(last);
      await using other = createRedisHandler(stage.source);
      expect(textOf(await other.read(id))).toBe(last);
    },
    90_000,
  );
});

/** What a call resolves to that is made again, a few times at most, when it rejects. */
async function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
  for (let attempts = 1; attempts < 5; attempts += 1) {
    try {
      return await call();
    } catch {}
  }
  return call();
}
