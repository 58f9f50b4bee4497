// @module-tag real-time

import { createRedisChannel, createRedisKeyspaceChannel } from "sessionwire/redis";
import { channelCases, defineCases } from "sessionwire/testing";
import { afterAll, beforeAll, describe, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { type Certificate, createCertificate } from "../servers/certificate.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { hear } from "./hearing.ts";
import { FOUND_OUT_MS, soon } from "./redis.ts";

expectNoEscapes();

const host = "127.0.0.1";

let certificate: Certificate;
let server: RedisServer;
beforeAll(async () => {
  certificate = await createCertificate();
  server = await startRedis({ tls: certificate, args: ["--notify-keyspace-events", "Egxe"] });
});
afterAll(async () => {
  await server.stop();
  certificate[Symbol.dispose]();
});

let places = 0;
const harness = {
  async openPlace() {
    const proxy = await startProxy({ port: server.tlsPort });
    places += 1;
    const name = `place ${places}`;
    return {
      create: () => createRedisChannel({ host, port: proxy.port, tls: { ca: certificate.cert } }, { ...soon, name }),
      publishForeign: async (text: string) => void (await server.command("publish", name, text)),
      connections: {
        reset() {
          proxy.heal();
          proxy.resetAll();
        },
        silence() {
          proxy.silence();
          proxy.newConnections = "silent";
        },
        drop: () => proxy.silence(),
        open: () => proxy.open,
      },
      [Symbol.asyncDispose]: () => proxy.close(),
    };
  },
};

defineCases("channels on Redis over TLS", channelCases(harness), { describe, it: test });

test("the keyspace is heard over TLS, and again after its connection was silent (law 115)", async () => {
  await using proxy = await startProxy({ port: server.tlsPort });
  await using channel = createRedisKeyspaceChannel({ host, port: proxy.port, tls: { ca: certificate.cert } }, soon);
  const heard = hear(channel);
  const hearsKey = async (key: string) => {
    await server.command("set", key, "x");
    await server.command("del", key);
    await vi.waitUntil(() => heard.includes(key), { timeout: FOUND_OUT_MS });
  };
  await vi.waitUntil(() => heard.includes("gap"), { timeout: FOUND_OUT_MS });
  await hearsKey("first");
  const { length } = heard;
  proxy.silence();
  await vi.waitUntil(() => heard.indexOf("gap", length) >= 0, { timeout: FOUND_OUT_MS });
  await hearsKey("second");
});
