// @module-tag real-time

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { createMemcachedHandler } from "sessionwire/memcached";
import { expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create } from "../redis/session-data.ts";
import { failureOf, rejectionOf } from "../redis/settling.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { addressOf, countOf, openScene } from "./scene.ts";

expectNoEscapes();

/** Nothing here waits for a deadline, so it must not be what answers. */
const timeoutMs = 10_000;

const { server, handler: direct } = await openScene();

test("thirty timeouts leave thirty connections open with bare memjs, as they do not here (law 70)", async () => {
  await using proxy = await startProxy(server);
  proxy.newConnections = "silent";
  using bare = openBareMemjs(addressOf(proxy), { timeout: 0.05, conntimeout: 0.05, retries: 1 });
  for (let round = 0; round < 30; round += 1) await rejectionOf(bare.get("a"));
  expect(proxy.accepted).toBe(30);
  const kinds = process.getActiveResourcesInfo();
  expect(kinds.filter((kind) => kind === "TCPSocketWrap").length).toBeGreaterThanOrEqual(30);
});

test("closing while a write looks up its version reports that nothing was applied (law 34)", async () => {
  await using proxy = await startProxy(server);
  const handler = createMemcachedHandler(addressOf(proxy), { timeoutMs });
  const { id, version } = await create(direct); // of another connection
  await handler.read(id);
  const hits = await countOf(server, "get_hits");
  proxy.dropReplies(true);
  const write = failureOf(handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 }));
  await vi.waitUntil(async () => (await countOf(server, "get_hits")) === hits + 1);
  await handler.close();
  expect(await write).toMatchObject({ code: "closed", outcome: "not-applied" });
});

test("closing releases a connection that is being opened (law 40)", async () => {
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
