// @module-tag real-time

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Redis } from "ioredis";
import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { type RedisSentinels, startRedisSentinels } from "../servers/redis-sentinel.ts";
import type { RedisServer } from "../servers/redis-server.ts";
import { replicated } from "../servers/replication.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create, textOf } from "./session-data.ts";
import { failureOf, isPendingAfter, timed } from "./settling.ts";

expectNoEscapes();

let group: RedisSentinels;
beforeAll(async () => {
  group = await startRedisSentinels();
});
afterAll(() => group.stop());

test("a sentinel that does not answer hangs the bare client, and costs the handler a moment (law 38)", async () => {
  const { addresses, name, sentinels } = group;
  const [frozen] = sentinels;
  using _ = frozen?.freeze();
  const bare = new Redis({ sentinels: addresses, name });
  bare.on("error", () => {});
  const bareHangs = isPendingAfter(1000, bare.get("id"));
  await using handler = createRedisHandler({ sentinels: addresses, name });
  const opened = await timed(handler.read("id"));
  expect(opened.ms).toBeLessThan(600);
  expect(await bareHangs).toBe(true);
  bare.disconnect();
  console.info(`the first sentinel is frozen: bare >1000 ms / handler ${opened.ms} ms`);
});

describe("one of two sentinels that fails costs nothing, whichever it is", () => {
  const sources = (failing: number) => {
    const [working = { host: "127.0.0.1", port: 0 }] = group.addresses;
    const broken = { host: "127.0.0.1", port: failing };
    return [
      [broken, working],
      [working, broken],
    ].map((sentinels) => ({ sentinels, name: group.name }));
  };

  test("as it refuses connections: the other one is asked at once (law 38)", async () => {
    for (const source of sources(1)) {
      await using handler = createRedisHandler(source);
      const read = await timed(handler.read("id"));
      expect(read).toMatchObject({ value: undefined });
      expect(read.ms).toBeLessThan(195); // it is asked twice, and each time 100 ms later if nothing had failed
    }
  });

  test("as it fails while the other one is about to answer (law 38)", async () => {
    const [sentinel = group.servers[0] as RedisServer] = group.sentinels;
    await using slow = await startProxy(sentinel);
    slow.delayMs = 100;
    // Accepts, and ends when both have been asked.
    await using failing = createServer((socket) => setTimeout(() => socket.resetAndDestroy(), 200)).listen(
      0,
      "127.0.0.1",
    );
    await once(failing, "listening");
    const sentinels = [(failing.address() as AddressInfo).port, slow.port].map((port) => ({ host: "127.0.0.1", port }));
    for (const order of [sentinels, sentinels.toReversed()]) {
      await using handler = createRedisHandler({ sentinels: order, name: group.name });
      expect(await handler.read("id")).toBeUndefined();
    }
  });

  test("both of them are unavailable as soon as both have failed", async () => {
    await using handler = createRedisHandler({ sentinels: [{ port: 1 }, { port: 2 }], name: group.name });
    const failed = await timed(failureOf(handler.touch("id", 60)));
    expect(failed.value).toMatchObject({ code: "unavailable", outcome: "not-applied" });
    expect(failed.ms).toBeLessThan(1000);
  });
});

test("a master that was frozen and succeeded is left, even if it answers as before when it returns (laws 60 and 73)", async () => {
  const { addresses, name } = group;
  const source = { sentinels: addresses, name };
  await using bare = createRedisHandler(source);
  await using checked = withConnectionCheck(createRedisHandler(source), { everySeconds: 0 });
  const { id, version } = await create(checked);
  await bare.read(id);
  const former = await group.master();
  await replicated(former, 2);
  using _ = former.freeze();
  const master = await group.successorOf(former);
  former.thaw();
  expect(String(await former.command("role"))).toContain("master"); // it does not know yet
  expect(await failureOf(bare.ping())).toMatchObject({ code: "unavailable" });
  const written = await checked.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
  expect(written).toMatchObject({ written: true });
  expect(await master.command("get", id)).toBe("second");
  await expect.poll(async () => String(await former.command("role")), { timeout: 60_000 }).toContain("slave");
}, 150_000);

test("a master that hands over is left for the next one, and no outdated sentinel leads back to it (laws 60 and 74)", async () => {
  const { addresses, name } = group;
  await using checked = withConnectionCheck(createRedisHandler({ sentinels: addresses, name }));
  const { id, version } = await create(checked);
  const former = await group.master();
  await replicated(former, 2);
  const master = await group.handOver(former);
  // Until then it takes writes, which are lost: Redis has nothing against that but min-replicas-to-write.
  await expect.poll(async () => String(await former.command("role")), { timeout: 60_000 }).toContain("slave");
  const write = () => checked.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
  const written = await write().catch((error) => {
    expect(["read-only", "unavailable"]).toContain(error.code);
    return write();
  });
  expect(written).toMatchObject({ written: true });
  expect(await master.command("get", id)).toBe("second");

  const behind = () => ({ host: "127.0.0.1", port: former.port });
  await using misled = createRedisHandler({ sentinels: addresses, name, natMap: behind });
  expect(await failureOf(misled.read(id))).toMatchObject({ code: "unavailable" });
  expect(await failureOf(misled.touch(id, 60))).toMatchObject({ code: "unavailable", outcome: "not-applied" });
}, 150_000);

test("clients and functions that make them are sources as their options are", async () => {
  const { addresses, name } = group;
  const client = new Redis({ sentinels: addresses, name, db: 2, keyPrefix: "app:", lazyConnect: true });
  const made = (options: object) => new Redis({ sentinels: addresses, name, db: 2, keyPrefix: "app:", ...options });
  await using first = createRedisHandler(client);
  await using second = createRedisHandler(made);
  const { id } = await create(first);
  expect(textOf(await second.read(id))).toBe("first");
  await second.reconnect();
  expect(textOf(await second.read(id))).toBe("first");
  expect(client.status).toBe("wait");
  await using other = createRedisHandler({ sentinels: addresses, name });
  expect(await other.read(id)).toBeUndefined();
});

test("a name that the sentinels do not know is unavailable, and a missing one is a mistake", async () => {
  const { addresses } = group;
  await using handler = createRedisHandler({ sentinels: addresses, name: "unknown" });
  expect(await failureOf(handler.touch("id", 60))).toMatchObject({ code: "unavailable", outcome: "not-applied" });
  expect(() => createRedisHandler({ sentinels: addresses })).toThrow(TypeError);
});
