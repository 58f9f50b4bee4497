// @module-tag real-time

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { withConnectionCheck } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { describe, expect, test, vi } from "vitest";
import { type FaultProxy, startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { failureOf, isPendingAfter, rejectionOf, timed } from "../redis/settling.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { addressOf, countOf, openScene } from "./scene.ts";

expectNoEscapes();

/** Nothing here waits for a deadline, so it must not be what answers. */
const timeoutMs = 10_000;
/** How long bare memjs is watched while it hangs; its own deadline is half a second. */
const watchMs = 2500;

const { server, handler: direct } = await openScene();

const ends: [string, (proxy: FaultProxy) => void][] = [
  ["reset", (proxy) => proxy.resetAll()],
  ["closed", (proxy) => proxy.finAll()],
];

test("a connection that is closed with a request under way leaves the caller of bare memjs waiting for ever; here it rejects (law 38)", async () => {
  await using proxy = await startProxy(server);
  using bare = openBareMemjs(addressOf(proxy));
  await using handler = createMemcachedHandler(addressOf(proxy), { timeoutMs });
  const { id } = await create(direct);
  await Promise.all([bare.get(id), handler.read(id)]);
  const hits = await countOf(server, "get_hits");
  proxy.dropReplies(true);
  const bareGet = bare.get(id);
  const read = failureOf(handler.read(id));
  await vi.waitUntil(async () => (await countOf(server, "get_hits")) === hits + 2);
  proxy.dropReplies(false);
  proxy.finAll();
  const refused = await timed(read);
  expect(refused.value).toMatchObject({ code: "unavailable" });
  expect(textOf(await handler.read(id))).toBe("first");
  expect(await isPendingAfter(watchMs, bareGet)).toBe(true);
  console.info(`closed with a request under way: bare >${watchMs} ms / handler ${refused.ms} ms`);
});

describe.each(ends)("a connection that is %s", (_, end) => {
  test("while it is idle is replaced by the next call, without a ping", async () => {
    await using proxy = await startProxy(server);
    const handler = createMemcachedHandler(addressOf(proxy), { timeoutMs });
    await using checked = withConnectionCheck(handler);
    const { id } = await create(direct);
    const read = await checked.read(id);
    const ping = vi.spyOn(handler, "ping");
    end(proxy);
    await vi.waitUntil(() => proxy.open === 0);

    const replaces = read?.version;
    const write = await checked.write(id, bytes("second"), { replaces, ttlSeconds: 60 });
    expect(write).toMatchObject({ written: true });
    expect(ping).not.toHaveBeenCalled();
    expect(textOf(await direct.read(id))).toBe("second");
    expect(proxy.accepted).toBe(2);
  });

  test("with the reply of a write on its way loses the reply, and nothing is sent again (laws 34 and 36)", async () => {
    await using proxy = await startProxy(server);
    await using handler = createMemcachedHandler(addressOf(proxy), { timeoutMs });
    const { id } = await create(direct);
    const replaces = (await handler.read(id))?.version;
    const hits = await countOf(server, "cas_hits");
    proxy.dropReplies(true);
    const write = failureOf(handler.write(id, bytes("second"), { replaces, ttlSeconds: 60 }));
    await vi.waitUntil(async () => (await countOf(server, "cas_hits")) === hits + 1);
    proxy.dropReplies(false);
    end(proxy);
    expect(await write).toMatchObject({ code: "unavailable", outcome: "unknown" });
    expect(textOf(await handler.read(id))).toBe("second");
    expect(await countOf(server, "cas_hits")).toBe(hits + 1);
  });

  test("with calls of every kind under way rejects them all (law 38)", async () => {
    await using proxy = await startProxy(server);
    await using handler = createMemcachedHandler(addressOf(proxy), { timeoutMs });
    const { id } = await create(direct);
    const other = await create(direct);
    const replaces = (await handler.read(id))?.version;
    const otherVersion = (await handler.read(other.id))?.version;
    const deleted = await countOf(server, "delete_hits");
    proxy.dropReplies(true);
    const reads = [handler.read(id), handler.read(id, { ttlSeconds: 60 }), handler.ping()].map(failureOf);
    const changes = [
      handler.touch(id, 60),
      handler.write(id, bytes("second"), { replaces, ttlSeconds: 60 }),
      handler.destroy(id),
      handler.destroy(other.id, { replaces: otherVersion }),
    ].map(failureOf);
    await vi.waitUntil(async () => (await countOf(server, "delete_hits")) === deleted + 2);
    proxy.dropReplies(false);
    end(proxy);
    for (const error of await Promise.all(reads)) expect(error).toMatchObject({ code: "unavailable" });
    for (const error of await Promise.all(changes)) {
      expect(error).toMatchObject({ code: "unavailable", outcome: "unknown" });
    }
    expect(await handler.read(id)).toBeUndefined();
  });
});

test("a write that arrives late, after its caller was refused, undoes nothing that came after (law 37)", async () => {
  await using proxy = await startProxy(server);
  using bare = openBareMemjs(addressOf(proxy), { timeout: 0.1, retries: 1 });
  await using handler = createMemcachedHandler(addressOf(proxy), { timeoutMs: 100 });
  const { id } = await create(direct);
  const bareId = `bare-${id}`;
  const replaces = (await handler.read(id))?.version;
  await bare.get(bareId);
  const [sets, refusals] = [await countOf(server, "cmd_set"), await countOf(server, "cas_badval")];
  proxy.delayMs = 400;
  const late = rejectionOf(bare.set(bareId, "late"));
  const refused = failureOf(handler.write(id, bytes("late"), { replaces, ttlSeconds: 60 }));
  expect(await refused).toMatchObject({ code: "timeout", outcome: "unknown" });
  await late;
  await server.command(`set ${bareId} 0 60 12\r\nacknowledged`);
  const current = (await direct.read(id))?.version;
  const acknowledged = await direct.write(id, bytes("acknowledged"), { replaces: current, ttlSeconds: 60 });
  expect(acknowledged).toMatchObject({ written: true });

  await vi.waitUntil(async () => (await countOf(server, "cas_badval")) === refusals + 1);
  await vi.waitUntil(async () => (await countOf(server, "cmd_set")) >= sets + 4);
  expect((await server.command(`get ${bareId}`))[1]).toBe("late");
  expect(textOf(await direct.read(id))).toBe("acknowledged");
});

test("closing answers the calls under way at once, which bare memjs leaves waiting, and leaves no connection (law 40)", async () => {
  await using proxy = await startProxy(server);
  using bare = openBareMemjs(addressOf(proxy));
  const handler = createMemcachedHandler(addressOf(proxy), { timeoutMs });
  const { id, version } = await create(direct);
  await Promise.all([bare.get(id), handler.read(id)]);
  const hits = await countOf(server, "get_hits");
  proxy.dropReplies(true);
  const bareGet = bare.get(id);
  const read = failureOf(handler.read(id));
  const write = failureOf(handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 }));
  await vi.waitUntil(async () => (await countOf(server, "get_hits")) === hits + 3); // that of the write, too
  bare.close();
  const closing = await timed(handler.close());
  expect(closing.ms).toBeLessThan(500);
  expect(await read).toMatchObject({ code: "closed" });
  expect(await write).toMatchObject({ code: "closed", outcome: "not-applied" });
  expect(await failureOf(handler.read(id))).toMatchObject({ code: "closed" });
  await vi.waitUntil(() => proxy.open === 0);
  expect(await isPendingAfter(watchMs, bareGet)).toBe(true);
});

test("closing while a connection is being opened leaves none behind (law 40)", async () => {
  await using proxy = await startProxy(server);
  proxy.newConnections = "silent";
  const handler = createMemcachedHandler(addressOf(proxy), { timeoutMs });
  const touch = failureOf(handler.touch("a", 60));
  await vi.waitUntil(() => proxy.accepted === 1);
  await handler.close();
  expect(await touch).toMatchObject({ code: "closed", outcome: "not-applied" });
  await vi.waitUntil(() => proxy.open === 0);
});

test("a server that is killed with a request under way rejects it, and is used again when it is back", async () => {
  await using own = await startMemcached();
  await using handler = createMemcachedHandler(own.address, { timeoutMs });
  const { id } = await create(handler);
  own.freeze();
  const read = failureOf(handler.read(id));
  await new Promise((resolve) => setImmediate(resolve)); // it is written at the end of this turn
  await own.kill();
  expect(await read).toMatchObject({ code: "unavailable" });
  expect(await failureOf(handler.touch(id, 60))).toMatchObject({ code: "unavailable", outcome: "not-applied" });
  await own.restart();
  expect(await handler.touch(id, 60)).toBe(false);
});

test("closing lets go of a connection that is still being made", async () => {
  await using crowded = await startMemcached({ args: ["-b", "1"] });
  using _ = crowded.freeze();
  const sockets: Socket[] = [];
  const note = (message: unknown) => sockets.push((message as { socket: Socket }).socket); // as Node documents it
  subscribe("net.client.socket", note);
  const handlers = [];
  // Until the system takes no more connections for the server.
  while (sockets.every(({ connecting }) => !connecting)) {
    const handler = createMemcachedHandler(crowded.address, { timeoutMs });
    handlers.push({ handler, ping: failureOf(handler.ping()) });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  unsubscribe("net.client.socket", note);
  for (const { handler, ping } of handlers) {
    await handler.close();
    expect(await ping).toMatchObject({ code: "closed" });
  }
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual(sockets.map(() => true));
});
