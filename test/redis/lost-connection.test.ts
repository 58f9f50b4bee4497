// @module-tag real-time

import { Redis } from "ioredis";
import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { type FaultProxy, startProxy } from "../faults/proxy.ts";
import { startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";
import { failureOf, rejectionOf, timed } from "./settling.ts";

expectNoEscapes();

/** Nothing here waits for a deadline, so it must not be what answers. */
const timeoutMs = 10_000;

const { server, handler: direct } = await openScene();

const ends: [string, (proxy: FaultProxy) => void][] = [
  ["reset", (proxy) => proxy.resetAll()],
  ["closed", (proxy) => proxy.finAll()],
];

describe.each(ends)("a connection that is %s", (how, end) => {
  test("while it is idle is replaced by the next call, without a ping, as bare ioredis does", async () => {
    await using proxy = await startProxy(server);
    using bare = openBareRedis(proxy.url);
    const handler = createRedisHandler(proxy.url, { timeoutMs });
    await using checked = withConnectionCheck(handler);
    const { id, version } = await create(direct);
    await Promise.all([bare.get(id), checked.read(id)]);
    const ping = vi.spyOn(handler, "ping");
    end(proxy);
    await vi.waitUntil(() => bare.status !== "ready");

    const bareGet = timed(bare.get(id));
    const write = await timed(checked.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 }));
    expect(write.value).toMatchObject({ written: true });
    expect(ping).not.toHaveBeenCalled();
    expect(textOf(await checked.read(id))).toBe("second");
    console.info(`${how} while idle: bare ${(await bareGet).ms} ms / checked ${write.ms} ms`);
    expect(await server.command("get", id)).toBe("second");
    expect(proxy.accepted).toBe(4); // two each: the driver has not come back on its own
  });

  test("with the reply of a write on its way loses the reply; the write is executed once, not twice as with bare ioredis (laws 34 and 36)", async () => {
    await using proxy = await startProxy(server);
    using bare = openBareRedis(proxy.url);
    const counter = freshId();
    await bare.ping();
    proxy.dropReplies(true);
    const incremented = bare.incr(counter);
    await vi.waitUntil(async () => (await server.command("get", counter)) === "1");
    proxy.dropReplies(false);
    end(proxy);
    expect(await incremented).toBe(2);

    await using handler = createRedisHandler(proxy.url, { timeoutMs });
    const { id, version } = await create(direct);
    await handler.read(id);
    const before = await scriptCalls();
    proxy.dropReplies(true);
    const write = failureOf(handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 }));
    await vi.waitUntil(async () => (await server.command("get", id)) === "second");
    proxy.dropReplies(false);
    end(proxy);
    expect(await write).toMatchObject({ code: "unavailable", outcome: "unknown" });

    const recovery = await timed(handler.read(id));
    expect(textOf(recovery.value)).toBe("second");
    expect(await scriptCalls()).toBe(before + 1);
    console.info(`${how} with a reply on its way: bare executed twice / handler once, next call ${recovery.ms} ms`);
  });

  test("with calls of every kind under way rejects them all, of which none is sent again (laws 36 and 38)", async () => {
    await using proxy = await startProxy(server);
    await using handler = createRedisHandler(proxy.url, { timeoutMs });
    const { id, version } = await create(direct);
    const other = await create(direct);
    await handler.read(id);
    const monitor = await server.monitor();
    proxy.dropReplies(true);
    const reads = [handler.read(id), handler.read(id, { ttlSeconds: 60 }), handler.ping()].map(failureOf);
    const changes = [
      handler.touch(id, 60),
      handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 }),
      handler.destroy(id),
      handler.destroy(other.id, { replaces: other.version }),
    ].map(failureOf);
    const sent = reads.length + changes.length;
    await vi.waitUntil(() => monitor.commands.length >= sent);
    proxy.dropReplies(false);
    end(proxy);

    for (const error of await Promise.all(reads)) expect(error).toMatchObject({ code: "unavailable" });
    for (const error of await Promise.all(changes)) {
      expect(error).toMatchObject({ code: "unavailable", outcome: "unknown" });
    }
    expect(await direct.read(id)).toBeUndefined();
    await handler.ping();
    await monitor.caughtUp();
    monitor.stop();
    const again = monitor.commands.filter(([, ...args]) => args.includes(id) || args.includes(other.id));
    expect(again).toHaveLength(sent - 1 + 1); // no id in the ping, and the read from here
  });
});

test("a write that arrives late, after its caller was refused, undoes what came after in bare ioredis, and not here (law 37)", async () => {
  const lateMs = 400;
  await using proxy = await startProxy(server);
  using bare = openBareRedis(proxy.url);
  await using handler = createRedisHandler(proxy.url, { timeoutMs: 100 });
  const { id, version } = await create(direct);
  const bareId = freshId();
  await Promise.all([bare.ping(), handler.ping()]);

  const monitor = await server.monitor();
  proxy.delayMs = lateMs;
  const late = bare.set(bareId, "late");
  const refused = failureOf(handler.write(id, bytes("late"), { replaces: version, ttlSeconds: 60 }));
  expect(await refused).toMatchObject({ code: "timeout", outcome: "unknown" });
  await server.command("set", bareId, "acknowledged");
  const acknowledged = await direct.write(id, bytes("acknowledged"), { replaces: version, ttlSeconds: 60 });
  expect(acknowledged).toMatchObject({ written: true });

  await late;
  await vi.waitUntil(() => monitor.commands.filter((command) => command.includes(id)).length === 2);
  monitor.stop();
  expect(await server.command("get", bareId)).toBe("late");
  expect(textOf(await direct.read(id))).toBe("acknowledged");
});

test("a connection that the server kills is replaced by the next call, and a write that waited on it is not sent again, as bare ioredis does (law 36)", async () => {
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

/** How many scripts the server has run or refused to run by their digest. */
async function scriptCalls(): Promise<number> {
  const stats = String(await server.command("info", "commandstats"));
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

test("a connection that is replaced in the moment in which it was opened is used by nobody (laws 36 and 60)", async () => {
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
