// @module-tag real-time

import { Cluster, Redis } from "ioredis";
import { Redis as Valkey } from "iovalkey";
import { type NetworkedSessionHandler, withConnectionCheck } from "sessionwire";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { type Certificate, createCertificate } from "../servers/certificate.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { startRedisSentinels } from "../servers/redis-sentinel.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { replicated } from "../servers/replication.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create, textOf } from "./session-data.ts";
import { failureOf, isPendingAfter, timed } from "./settling.ts";

expectNoEscapes();

const host = "127.0.0.1";
const limits = { everySeconds: 0.2, pingTimeoutMs: 150, reconnectTimeoutMs: 1000 };

let certificate: Certificate;
let server: RedisServer;
beforeAll(async () => {
  certificate = await createCertificate();
  server = await startRedis({ tls: certificate });
});
afterAll(async () => {
  await server.stop();
  certificate[Symbol.dispose]();
});

async function expectToKeepSessions(handler: NetworkedSessionHandler): Promise<void> {
  const { id, version } = await create(handler);
  await handler.reconnect();
  expect(await handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 })).toMatchObject({
    written: true,
  });
  expect(textOf(await handler.read(id))).toBe("second");
  expect(await handler.touch(id, 60)).toBe(true);
  expect(await handler.destroy(id)).toMatchObject({ destroyed: true });
}

describe("TLS", () => {
  const sources: [string, () => RedisSource][] = [
    ["options", () => ({ host, port: server.tlsPort, tls: { ca: certificate.cert } })],
    ["a client", () => new Redis({ host, port: server.tlsPort, tls: { ca: certificate.cert }, lazyConnect: true })],
    [
      "a function that makes clients",
      () => (options) => new Redis({ ...options, host, port: server.tlsPort, tls: { ca: certificate.cert } }),
    ],
    [
      "a client of iovalkey",
      () => new Valkey({ host, port: server.tlsPort, tls: { ca: certificate.cert }, lazyConnect: true }),
    ],
    [
      "a URL and a certificate",
      () => (options) => new Redis(`rediss://${host}:${server.tlsPort}`, { ...options, tls: { ca: certificate.cert } }),
    ],
  ];
  test.each(sources)("to one server, by %s", async (_, source) => {
    await using handler = createRedisHandler(source());
    await expectToKeepSessions(handler);
  });

  test("to a Cluster", async () => {
    await using cluster = await startRedisCluster({ tls: certificate });
    const nodes = cluster.servers.map(({ tlsPort: port }) => ({ host, port }));
    const redisOptions = { tls: { ca: certificate.cert } };
    await using handler = createRedisHandler(new Cluster(nodes, { redisOptions, lazyConnect: true }));
    for (let round = 0; round < 10; round += 1) await expectToKeepSessions(handler);
    for (const { command, port } of cluster.servers) {
      const plain = String(await command("client", "list")).match(
        new RegExp(` laddr=${host}:${port} .* cmd=\\S+`, "g"),
      );
      expect(plain?.map((line) => line.split("cmd=")[1])).toEqual(["client|list"]);
    }
  });

  test("to a master, its sentinels and the next master", async () => {
    await using group = await startRedisSentinels({ tls: certificate });
    const tls = { ca: certificate.cert };
    const source = {
      sentinels: group.addresses,
      name: group.name,
      tls,
      sentinelTLS: tls,
      enableTLSForSentinelMode: true,
    };
    await using handler = withConnectionCheck(createRedisHandler(source), limits);
    const { id } = await create(handler);
    const former = await group.master();
    await replicated(former, 2);
    await former.kill();
    await group.successorOf(former);
    await expect.poll(() => handler.read(id).then(textOf, () => "none"), { timeout: 10_000 }).toBe("first");
  }, 90_000);
});

test("a silently dropped TLS connection hangs the bare client, and is replaced by the check (laws 38 and 60)", async () => {
  await using proxy = await startProxy({ port: server.tlsPort });
  const source = { host, port: proxy.port, tls: { ca: certificate.cert } };
  const bare = new Redis(source);
  bare.on("error", () => {});
  await using handler = createRedisHandler(source, { timeoutMs: 300 });
  await using checked = withConnectionCheck(createRedisHandler(source), limits);
  const { id } = await create(checked);
  await Promise.all([bare.get(id), handler.read(id)]);
  proxy.silence();
  await new Promise((resolve) => setTimeout(resolve, limits.everySeconds * 1000 + 20));
  const bareHangs = isPendingAfter(1500, bare.get(id));
  expect(await failureOf(handler.read(id))).toMatchObject({ code: "timeout" });
  const answered = await timed(checked.read(id));
  expect(textOf(answered.value)).toBe("first");
  expect(answered.ms).toBeLessThan(limits.pingTimeoutMs + limits.reconnectTimeoutMs);
  expect(await bareHangs).toBe(true);
  bare.disconnect();
  console.info(`TLS, idle, died silently: bare >1500 ms / check ${answered.ms} ms`);
});

describe("no session is returned, none is reported absent, and nothing hangs", () => {
  const refused: [string, () => RedisSource][] = [
    ["nobody vouches for the certificate", () => ({ host, port: server.tlsPort, tls: {} })],
    [
      "the certificate is for another host",
      () => ({ host, port: server.tlsPort, tls: { ca: certificate.cert, servername: "elsewhere.example" } }),
    ],
    ["the server wants TLS", () => ({ host, port: server.tlsPort })],
    ["nobody is there", () => ({ host, port: 1, tls: { ca: certificate.cert } })],
  ];
  test.each(refused)("where %s", async (_, source) => {
    await using handler = createRedisHandler(source(), { timeoutMs: 1000 });
    expect(await failureOf(handler.read("id"))).toMatchObject({ code: "unavailable" });
    const write = handler.write("id", bytes("x"), { replaces: undefined, ttlSeconds: 60 });
    expect(await failureOf(write)).toMatchObject({ code: "unavailable", outcome: "not-applied" });
  });

  test("where the server speaks no TLS, and waits for the rest of a supposed command", async () => {
    const source = { host, port: server.port, tls: { ca: certificate.cert } };
    await using handler = createRedisHandler(source, { timeoutMs: 300 });
    expect(await failureOf(handler.read("id"))).toMatchObject({ code: "timeout" });
    expect(await failureOf(handler.touch("id", 60))).toMatchObject({ code: "timeout", outcome: "not-applied" });
  });

  test("where the handshake is not answered", async () => {
    await using proxy = await startProxy({ port: server.tlsPort });
    proxy.newConnections = "silent";
    const source = { host, port: proxy.port, tls: { ca: certificate.cert } };
    await using handler = createRedisHandler(source, { timeoutMs: 300 });
    const answered = await timed(failureOf(handler.read("id")));
    expect(answered.value).toMatchObject({ code: "timeout" });
    expect(answered.ms).toBeLessThan(600);
    await vi.waitUntil(() => proxy.open === 0);
  });
});
