import memjs from "memjs";
import { createMemcachedHandler, type MemcachedSource } from "sessionwire/memcached";
import { afterAll, describe, expect, test } from "vitest";
import { expectToKeepSessions as expectKept, expectRefusal, secret } from "../conformance/sources.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, freshId, textOf } from "../redis/session-data.ts";
import { failureOf } from "../redis/settling.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { countOf } from "./scene.ts";

expectNoEscapes();

const servers = await Promise.all([1, 2, 3].map(() => startMemcached()));
const addresses = servers.map(({ address }) => address);
const list = addresses.join(",");
const [server] = servers;
if (!server) throw new Error("There is no server.");
afterAll(() => Promise.all(servers.map((each) => each.stop())));

const ids = Array.from({ length: 60 }, (_, index) => `session ${index} ${"ü".repeat(index * 4)}`);

function expectToKeepSessions(source: MemcachedSource): Promise<void> {
  return expectKept(createMemcachedHandler(source));
}

describe("a handler is made from", () => {
  test.each([
    ["an address", server.address],
    ["a URL", `memcached://${server.address}`],
    ["a URL with a slash behind it", `memcached://${server.address}/`],
    ["a name", `localhost:${server.port}`],
    ["a list", list],
    ["a list with spaces, in a URL", `memcached://${addresses.join(" , ")}`],
    ["the same server twice", `${server.address},${server.address}`],
  ])("%s", async (_, source) => expectToKeepSessions(source));

  test("a client that was never connected and stays so, closed or not", async () => {
    const client = memjs.Client.create(list);
    client.close();
    await expectToKeepSessions(client);
    for (const each of client.servers) expect(each).not.toHaveProperty("_socket");
  });

  test("a client that is connected, which keeps working when the handler is closed", async () => {
    using client = openBareMemjs(list);
    const { id } = await create(createMemcachedHandler(list));
    expect(String((await client.get(id)).value)).toBe("first");
    await expectToKeepSessions(client);
    expect(String((await client.get(id)).value)).toBe("first");
  });
});

describe("several servers", () => {
  test("each store the sessions that memjs would look for there", async () => {
    using client = openBareMemjs(list);
    await using handler = createMemcachedHandler(list, { prefix: "app:" });
    for (const id of ids.filter((each) => Buffer.byteLength(each) < 240)) {
      await handler.write(id, bytes(id), { replaces: undefined, ttlSeconds: 60 });
      expect(String((await client.get(`app:${id}`)).value)).toBe(id);
      const index = client.getServer(`app:${id}`);
      expect(handler.connectionOf?.(id)).toBe(addresses[Number(index)]);
    }
    for (const each of servers) expect(await countOf(each, "curr_items")).toBeGreaterThan(5);
  });

  test("are chosen by the client's own rule if it has one", async () => {
    const client = memjs.Client.create(list);
    client.getServer = () => "2";
    await using handler = createMemcachedHandler(client);
    expect(new Set(ids.map((id) => handler.connectionOf?.(id)))).toEqual(new Set([addresses[2]]));
    const { id } = await create(handler);
    expect(await servers[2]?.command(`get ${id}`)).toContain("first");
    client.getServer = () => "7";
    expect(await failureOf(handler.read("a"))).toMatchObject({ code: "failed" });
  });

  test("fail alone: the sessions of the others are there, and those of a failed one are nowhere else", async () => {
    const own = await Promise.all([1, 2, 3].map(() => startMemcached()));
    await using handler = createMemcachedHandler(own.map(({ address }) => address).join());
    for (const id of ids) await handler.write(id, bytes(id), { replaces: undefined, ttlSeconds: 60 });
    await own[1]?.kill();
    const down = own[1]?.address;
    for (const id of ids) {
      if (handler.connectionOf?.(id) === down) {
        expect(await failureOf(handler.touch(id, 60))).toMatchObject({ code: "unavailable", outcome: "not-applied" });
        const creation = handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: 60 });
        expect(await failureOf(creation)).toMatchObject({ code: "unavailable" });
      } else expect(textOf(await handler.read(id))).toBe(id);
    }
    await handler.ping({ connection: own[0]?.address });
    await handler.reconnect({ connection: own[2]?.address });
    expect(await failureOf(handler.ping())).toMatchObject({ code: "unavailable" });
    expect(await failureOf(handler.ping({ connection: down }))).toMatchObject({ code: "unavailable" });
    expect(await failureOf(handler.reconnect())).toMatchObject({ code: "unavailable" });
    expect(await failureOf(handler.ping({ connection: "elsewhere:1" }))).toMatchObject({ code: "failed" });
    await own[1]?.restart();
    await handler.ping();
    for (const each of own) await each.stop();
  });
});

test.each<[string, unknown]>([
  ["nothing", ""],
  ["no servers", "memcached://"],
  ["an empty place in the list", "a,,b"],
  ["another scheme", `redis://user:${secret}@localhost`],
  ["credentials without a scheme", `user:${secret}@localhost`],
  ["a password without a user", `memcached://:${secret}@localhost`],
  ["a user without a password", `memcached://${secret}@localhost`],
  ["a password that is not well encoded", `memcached://user:${secret}%zz@localhost`],
  ["a path", `memcached://user:${secret}@localhost/0`],
  ["a port that is none", `memcached://user:${secret}@localhost:99999`],
  ["port 0", "localhost:0"],
  ["a client without servers", { servers: [], getServer: () => 0 }],
  ["something else", { host: "localhost", password: secret }],
  ["undefined", undefined],
])("no handler is made from %s, and the error does not repeat it", (_, source) => {
  expectRefusal(() => createMemcachedHandler(source as string), TypeError, RangeError);
});

test("nothing is connected before it is needed, and an invalid id is refused without a connection", async () => {
  await using handler = createMemcachedHandler("127.0.0.1:1");
  expect(await failureOf(handler.read(""))).toMatchObject({ code: "invalid-id" });
  expect(await failureOf(handler.read(freshId()))).toMatchObject({ code: "unavailable" });
});
