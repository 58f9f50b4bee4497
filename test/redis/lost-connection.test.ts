// @module-tag real-time

import { Redis } from "ioredis";
import { createRedisHandler } from "sessionwire/redis";
import { expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";
import { failureOf, rejectionOf } from "./settling.ts";

expectNoEscapes();

/** Nothing here waits for a deadline, so it must not be what answers. */
const timeoutMs = 10_000;

const { server } = await openScene();

test("a connection that the server kills is replaced by the next call, and a waiting write is not sent again, unlike with bare ioredis (law 36)", async () => {
  await using own = await startRedis();
  using bare = openBareRedis(own.url);
  await using handler = createRedisHandler(own.url, { timeoutMs });
  const { id, version } = await create(handler);
  await bare.ping();
  await own.command("client", "kill", "type", "normal");
  await vi.waitUntil(async () => (await rejectionOf(handler.ping()).catch(() => undefined)) === undefined);
  expect(textOf(await handler.read(id))).toBe("first");

  await vi.waitUntil(() => bare.status === "ready");
  await own.command("client", "pause", "60000", "write");
  const bareSet = bare.set("counter", "sent again");
  const write = failureOf(handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 }));
  await vi.waitUntil(async () => /blocked_clients:2\r/.test(String(await own.command("info", "clients"))));
  await own.command("client", "kill", "type", "normal");
  expect(await write).toMatchObject({ code: "unavailable", outcome: "unknown" });
  await own.command("client", "unpause");
  expect(await bareSet).toBe("OK");
  expect(textOf(await handler.read(id))).toBe("first");
});

test("reads whose answers are lost with their connection are not sent again, unlike with bare ioredis (law 36)", async () => {
  await using own = await startRedis();
  await using proxy = await startProxy(own);
  await using handler = createRedisHandler(proxy.url, { timeoutMs });
  using bare = openBareRedis(proxy.url);
  await Promise.all([handler.read("ours"), bare.get("bare")]);
  const monitor = await own.monitor();
  proxy.dropReplies(true);
  const reads = [handler.read("ours"), handler.read("ours", { ttlSeconds: 60 })].map(failureOf);
  const bareRead = bare.get("bare");
  await vi.waitUntil(() => monitor.commands.length >= 3);
  proxy.dropReplies(false);
  proxy.resetAll();

  for (const error of await Promise.all(reads)) expect(error).toMatchObject({ code: "unavailable" });
  expect(await bareRead).toBeNull();
  await handler.ping();
  await monitor.caughtUp();
  monitor.stop();
  const sent = (key: string) => monitor.commands.filter((command) => command.includes(key)).length;
  expect([sent("ours"), sent("bare")]).toEqual([2, 2]); // two reads, and one that was sent twice
});

test("a connection replaced at the moment it was opened is not used (laws 36 and 60)", async () => {
  // The answer that opens it, and the reconnection, come so many turns of the queue of promises after each other.
  for (let turns = 0; turns <= 20; turns += 1) {
    const made: Redis[] = [];
    let reconnection: Promise<void> | undefined;
    await using handler = createRedisHandler((options) => {
      const client = new Redis(server.url, options);
      if (made.length === 0) {
        afterFirstPing(client, turns, () => {
          reconnection = handler.reconnect();
        });
      }
      made.push(client);
      return client;
    });
    const creation = { replaces: undefined, ttlSeconds: 60 };
    const result = await handler.write(freshId(), bytes("data"), creation).catch((error) => error);
    // It was sent before, or it is sent on the new connection.
    if (result.written !== true) expect(result, `${turns}`).toMatchObject({ code: "unavailable", outcome: "unknown" });
    await reconnection;
    expect(await handler.read("absent")).toBeUndefined();
    await vi.waitUntil(() => made[0]?.status === "end");
    expect(made.map(({ status }) => status)).toEqual(["end", "ready"]);
  }
});

/** Acts when so many promises have been waited for since the first answer to a ping. */
function afterFirstPing(client: Redis, turns: number, act: () => void): void {
  const { ping } = client;
  const pingOnce = async () => {
    client.ping = ping;
    const reply = await client.ping();
    const wait = async () => {
      for (let turn = 0; turn < turns; turn += 1) await undefined;
      act();
    };
    wait();
    return reply;
  };
  client.ping = pingOnce as typeof ping; // as it is called here, without arguments
}
