import memjs, { type Client } from "memjs";
import type { Version } from "sessionwire";
import { createMemcachedHandler, type MemcachedSource } from "sessionwire/memcached";
import { describe, expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { failureOf } from "../redis/settling.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { addressOf, countOf, openScene } from "./scene.ts";

expectNoEscapes();

const { server, handler: direct } = await openScene();
const logger = { log() {} };

test("bare memjs sends an increment again whose reply was lost, so that it counts twice", async () => {
  await using proxy = await startProxy(server);
  using bare = openBareMemjs(addressOf(proxy), { retry_delay: 0.1 });
  await bare.set("count", "0", {});
  proxy.dropReplies(true);
  const increment = bare.increment("count", 1, {});
  await vi.waitUntil(async () => (await server.command("get count"))[1] === "1");
  proxy.dropReplies(false);
  proxy.resetAll();
  expect((await increment).value).toBe(2);
});

/** Clients that do what they are asked for again, as far as they can be brought to it. */
const sources: readonly [string, (address: string) => MemcachedSource][] = [
  ["an address", (address) => address],
  ["a client as it comes", (address) => memjs.Client.create(address)],
  [
    "a client with retries, failover and times of its own",
    (address) =>
      memjs.Client.create(address, {
        ...{ retries: 5, retry_delay: 0.01, failover: true, failoverTime: 1, timeout: 0.05, conntimeout: 0.05, logger },
      }),
  ],
  ["a client whose servers send everything twice", (address) => sendingTwice(memjs.Client.create(address))],
  [
    "a client that does everything twice",
    (address) => {
      const client = memjs.Client.create(address);
      const { perform } = client;
      client.perform = function (...args) {
        perform.apply(this, args);
        perform.apply(this, args);
      };
      return client;
    },
  ],
];

function sendingTwice(client: Client): Client {
  for (const each of client.servers) {
    const { write } = each;
    each.write = function (bytes) {
      write.call(this, bytes);
      write.call(this, bytes);
    };
  }
  return client;
}

describe("each request is sent once, also when its reply is lost (law 36), by a handler that is made from", () => {
  test.each(sources)("%s", async (_, sourceAt) => {
    await using proxy = await startProxy(server);
    await using handler = createMemcachedHandler(sourceAt(addressOf(proxy)), { timeoutMs: 10_000 });
    for (const [counters, call] of changes) {
      const { id } = await create(direct);
      const version = (await handler.read(id))?.version;
      const count = async () => {
        const counts = await Promise.all(counters.map((name) => countOf(server, name)));
        return counts.reduce((sum, each) => sum + each, 0);
      };
      const before = await count();
      proxy.dropReplies(true);
      const failure = failureOf(call(handler, id, version));
      await vi.waitUntil(async () => (await count()) > before);
      proxy.dropReplies(false);
      proxy.resetAll();
      expect(await failure).toMatchObject({ code: "unavailable", outcome: "unknown" });
      await handler.ping();
      expect(await count()).toBe(before + 1);
    }
  });
});

type Change = (handler: typeof direct, id: string, version: Version | undefined) => Promise<unknown>;

/** Each with what the server counts of it. */
const changes: readonly (readonly [counters: readonly string[], change: Change])[] = [
  [["cmd_touch"], (handler, id) => handler.touch(id, 60)],
  [
    ["cas_hits", "cas_misses", "cas_badval"],
    (handler, id, replaces) => handler.write(id, bytes("second"), { replaces, ttlSeconds: 60 }),
  ],
  [["delete_hits", "delete_misses"], (handler, id) => handler.destroy(id)],
];

test("memjs with `failover` looks for the sessions of a server that failed on another one; the handler never does", async () => {
  await using other = await startMemcached();
  const client = openBareMemjs(`${server.address},${other.address}`, { failover: true, retries: 1 });
  using _ = client;
  await using handler = createMemcachedHandler(client);
  const { id } = await create(handler);
  const [home] = client.servers.filter(({ host, port }) => `${host}:${port}` === handler.connectionOf?.(id));
  Object.assign(home ?? {}, { wakeupAt: Date.now() + 60_000 }); // as memjs does when a request has failed
  expect((await client.get(id)).value).toBeNull();
  expect(textOf(await handler.read(id))).toBe("first");
});
