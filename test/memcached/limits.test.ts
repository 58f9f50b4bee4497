// @module-tag real-time

import { connect } from "node:net";
import { createMemcachedHandler } from "sessionwire/memcached";
import { describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, freshId, textOf } from "../redis/session-data.ts";
import { failureOf, isPendingAfter, rejectionOf, timed } from "../redis/settling.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { countOf, openScene } from "./scene.ts";

expectNoEscapes();

const ttlSeconds = 60;
const { server, handler } = await openScene();

describe("a session that is too large for the server", () => {
  test("costs bare memjs the stored session; here it is refused before it is sent, and the session stays (law 31)", async () => {
    using bare = openBareMemjs(server.address);
    const bareId = freshId();
    await bare.set(bareId, "first", {});
    await expect(bare.set(bareId, Buffer.alloc(1_048_577), {})).rejects.toThrow();
    expect((await bare.get(bareId)).value).toBeNull();

    const { id, version } = await create(handler);
    for (const size of [1_048_517, 1_048_576]) {
      const write = handler.write(id, new Uint8Array(size), { replaces: version, ttlSeconds });
      expect(await failureOf(write)).toMatchObject({ code: "too-large", outcome: "not-applied" });
    }
    const creation = handler.write(freshId(), new Uint8Array(1_048_576), { replaces: undefined, ttlSeconds });
    expect(await failureOf(creation)).toMatchObject({ code: "too-large", outcome: "not-applied" });
    expect(textOf(await handler.read(id))).toBe("first");
  });

  test.each([
    ["as it is by default", [], 1_048_576],
    ["with -I 512k", ["-I", "512k"], 524_288],
    ["with -I 2m", ["-I", "2m"], 2_097_152],
    ["with -I 8m", ["-I", "8m"], 8_388_608],
  ])("is one with less than 128 bytes and the key to spare, on a server %s", async (_, args, itemBytes) => {
    await using own = await startMemcached({ args });
    await using handler = createMemcachedHandler(own.address, { maxBytes: 2 ** 24, timeoutMs: 10_000 });
    for (const id of ["k", "k".repeat(250), "k".repeat(251)]) {
      const keyBytes = id.length > 250 ? "sha256:".length + 64 : id.length;
      const most = Buffer.alloc(itemBytes - 128 - keyBytes, 7);
      const first = await handler.write(id, most, { replaces: undefined, ttlSeconds });
      expect(first).toMatchObject({ written: true });
      expect(most.equals((await handler.read(id))?.data ?? bytes(""))).toBe(true);
      const replaces = first.written ? first.version : undefined;
      const more = handler.write(id, new Uint8Array(most.length + 1), { replaces, ttlSeconds });
      expect(await failureOf(more)).toMatchObject({ code: "too-large", outcome: "not-applied" });
      expect(await handler.write(id, most.fill(8), { replaces, ttlSeconds })).toMatchObject({ written: true });
      expect(most.equals((await handler.read(id))?.data ?? bytes(""))).toBe(true);
    }
  });
});

describe("a key", () => {
  test("of 251 bytes leaves the caller of bare memjs waiting for ever; here it is a session like any other (law 28)", async () => {
    using bare = openBareMemjs(server.address);
    expect(await rejectionOf(bare.set("x".repeat(251), "x", {}))).toBeInstanceOf(Error);
    const bareGet = isPendingAfter(1500, bare.get("x".repeat(251)));
    for (const id of [
      "x".repeat(250),
      "x".repeat(251),
      "ä".repeat(125),
      `ä${"x".repeat(249)}`,
      "\u0000".repeat(1024),
    ]) {
      const created = await handler.write(id, bytes(id), { replaces: undefined, ttlSeconds });
      expect(created).toMatchObject({ written: true });
      expect(textOf(await handler.read(id))).toBe(id);
      expect(await handler.touch(id, ttlSeconds)).toBe(true);
      expect(await handler.destroy(id)).toEqual({ destroyed: true });
    }
    expect(await bareGet).toBe(true);
  });

  test("of up to 250 bytes is the key in the store, after the prefix", async () => {
    await using own = createMemcachedHandler(server.address, { prefix: "app:" });
    const { id } = await create(own);
    expect(await server.command(`get app:${id}`)).toContain("first");
  });
});

test("bare memjs throws after 2^31 requests; here a connection begins where they wrap around (law 44)", async () => {
  using bare = openBareMemjs(server.address);
  Object.assign(bare, { seq: 0x7fff_ffff });
  await expect(rejectionOf(bare.get("a"))).resolves.toBeInstanceOf(RangeError);
  await using own = createMemcachedHandler(server.address);
  const { id } = await create(own);
  const reads = await Promise.all(Array.from({ length: 2500 }, () => own.read(id)));
  expect(new Set(reads.map(textOf))).toEqual(new Set(["first"]));
});

test("a server with too many connections refuses new ones at once, and accepts them again later", async () => {
  await using own = await startMemcached({ args: ["-c", "64"] });
  const others = Array.from({ length: 64 }, () => connect(own.port, "127.0.0.1"));
  for (const socket of others) socket.on("error", () => {});
  await using refused = createMemcachedHandler(own.address, { timeoutMs: 1000 });
  await vi.waitUntil(async () => {
    const answer = await timed(failureOf(refused.read("a")).catch(() => undefined));
    return answer.value?.code === "overloaded" && answer.ms < 500;
  });
  const write = refused.write("a", bytes("x"), { replaces: undefined, ttlSeconds });
  expect(await failureOf(write)).toMatchObject({ code: "overloaded", outcome: "not-applied" });
  for (const socket of others) socket.destroy();
  await vi.waitUntil(() =>
    refused.ping().then(
      () => true,
      () => false,
    ),
  );
  expect(await refused.read("a")).toBeUndefined();
});

describe("a server that is out of memory", () => {
  test("and may not evict reports it; the session to be replaced is gone with that", async () => {
    await using own = await startMemcached({ args: ["-M", "-m", "2"] });
    await using handler = createMemcachedHandler(own.address, { timeoutMs: 5000 });
    const { id, version } = await create(handler);
    const fill = () => handler.write(freshId(), new Uint8Array(5000), { replaces: undefined, ttlSeconds });
    let full: Awaited<ReturnType<typeof failureOf>> | undefined;
    while (!full)
      full = await fill().then(
        () => undefined,
        (error) => error,
      );
    expect(full).toMatchObject({ code: "overloaded", outcome: "not-applied" });
    const write = handler.write(id, new Uint8Array(5000), { replaces: version, ttlSeconds });
    expect(await failureOf(write)).toMatchObject({ code: "overloaded", outcome: "unknown" });
    expect(await handler.read(id)).toBeUndefined();
    await handler.ping();
  });

  test("and may evict has absent sessions, and nothing comes back (law 42)", async () => {
    await using own = await startMemcached({ args: ["-m", "2"] });
    await using handler = createMemcachedHandler(own.address);
    const sessions = [];
    for (let index = 0; index < 200; index += 1) sessions.push(await create(handler, "x".repeat(50_000)));
    expect(await countOf(own, "evictions")).toBeGreaterThan(0);
    const gone = { written: false, current: undefined };
    for (const { id, version } of sessions) {
      if (await handler.read(id)) continue;
      expect(await handler.write(id, bytes("back"), { replaces: version, ttlSeconds })).toEqual(gone);
    }
  });
});

describe("a server that cannot store sessions is refused:", () => {
  test("one that only speaks the text protocol, and does not answer at all", async () => {
    await using own = await startMemcached({ args: ["-B", "ascii"] });
    await using handler = createMemcachedHandler(own.address, { timeoutMs: 300 });
    const write = handler.write("a", bytes("x"), { replaces: undefined, ttlSeconds });
    expect(await failureOf(write)).toMatchObject({ code: "timeout", outcome: "not-applied" });
  });
});
