import memjs, { type Client } from "memjs";
import { createMemcachedHandler, type MemcachedSource } from "sessionwire/memcached";
import { defineCases, type NetworkedHarness, networkedCases } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { memcachedHarness } from "../conformance/stores/memcached.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create, textOf } from "../redis/session-data.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";

expectNoEscapes();

const logger = { log() {} };

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

describe.each(sources)("a handler that is made from %s", (_, sourceAt) => {
  const harness: NetworkedHarness = {
    ...memcachedHarness(),
    create: (port, { timeoutMs }) => createMemcachedHandler(sourceAt(`127.0.0.1:${port}`), { timeoutMs }),
  };
  const cases = networkedCases(harness).filter(({ law }) => law === 36);
  defineCases("sends nothing twice", cases, { describe, it: test });
});

test("memjs with `failover` looks for the sessions of a failed server on another one; the handler never does", async () => {
  await using server = await startMemcached();
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
