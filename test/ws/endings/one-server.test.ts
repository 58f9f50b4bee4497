// @module-tag real-time

import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type FaultProxy, startProxy } from "../../faults/proxy.ts";
import { openBareRedis } from "../../redis/bare-redis.ts";
import { expectNoEscapes } from "../../redis/escapes.ts";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { openEndings } from "./processes.ts";
import { endDuring, endedInOrder, patient, TEST_TIMEOUT_MS } from "./scene.ts";

expectNoEscapes();

let server: RedisServer;
/** Between the process that ends sessions and the store. */
let hand: FaultProxy;
/** Between the other process and the channel. */
let ear: FaultProxy;
/** Between the other process and the store. */
let eye: FaultProxy;
let stage: Awaited<ReturnType<typeof openEndings>>;
beforeAll(async () => {
  server = await startRedis();
  [hand, ear, eye] = await Promise.all([startProxy(server), startProxy(server), startProxy(server)]);
  stage = await openEndings({ store: hand.url, channel: server.url }, { store: eye.url, channel: ear.url });
});
afterAll(async () => {
  stage[Symbol.dispose]();
  for (const proxy of [hand, ear, eye]) await proxy.close();
  await server.stop();
});

test(
  "sockets close when their session ends in another process, and those of a moved session with 4301 (law 121)",
  async () => {
    expect(await endDuring("calm", stage, (end) => end())).toEqual(endedInOrder);
  },
  TEST_TIMEOUT_MS,
);

test(
  "none is missed by a silently deaf subscriber, unlike with bare ioredis (law 115)",
  async () => {
    using bare = openBareRedis(ear.url);
    await bare.subscribe("sessionwire");
    const heardBare: string[] = [];
    bare.on("message", (_name, text) => {
      if (/"(ended|regenerated)"/.test(text)) heardBare.push(text);
    });
    await endDuring("calm, beside a bare subscriber", stage, (end) => end());
    await vi.waitUntil(() => heardBare.length === 60, patient);
    await endDuring("the subscriber is silent", stage, (end) => {
      ear.silence();
      return end();
    });
    expect(heardBare).toHaveLength(60);
    expect(bare.status).toBe("ready"); // it does not know
  },
  TEST_TIMEOUT_MS,
);

test(
  "none is missed by a subscriber that is cut off, and not let in again while sessions end (law 115)",
  async () => {
    await endDuring("the subscriber is cut off", stage, async (end) => {
      ear.newConnections = "refuse";
      ear.resetAll();
      await end();
      ear.heal();
    });
  },
  TEST_TIMEOUT_MS,
);

test(
  "none is missed while the server stands still (law 115)",
  async () => {
    await endDuring("the server stands still", stage, async (end) => {
      using _ = server.freeze();
      const { failures } = await stage.here.state();
      const ending = end();
      await vi.waitUntil(async () => (await stage.here.state()).failures > failures, patient);
      server.thaw();
      await ending;
    });
  },
  TEST_TIMEOUT_MS,
);

test(
  "none is missed if the store is unreachable when the ends are reported",
  async () => {
    await endDuring("the store is out of sight", stage, async (end) => {
      eye.newConnections = "silent";
      eye.silence();
      const { lookFailures } = await stage.elsewhere.state();
      await end();
      await vi.waitUntil(async () => (await stage.elsewhere.state()).lookFailures > lookFailures, patient);
      eye.heal();
    });
  },
  TEST_TIMEOUT_MS,
);

test(
  "none is missed if the replies to the ending process are lost",
  async () => {
    await endDuring("replies are lost", stage, async (end) => {
      hand.dropReplies(true);
      const { failures } = await stage.here.state();
      const ending = end();
      await vi.waitUntil(async () => (await stage.here.state()).failures > failures, patient);
      hand.heal();
      await ending;
    });
  },
  TEST_TIMEOUT_MS,
);

test(
  "in the format of express-session as well (law 121)",
  async () => {
    using inExpress = await openEndings({ store: server.url, channel: server.url, format: "express" });
    expect(await endDuring("calm, format of express-session", inExpress, (end) => end())).toEqual(endedInOrder);
  },
  TEST_TIMEOUT_MS,
);

test(
  "without any messages, re-validation closes them, and a process that was cut off from the store checks again",
  async () => {
    const options = { store: eye.url, revalidateEverySeconds: 1 };
    using deaf = await openEndings({ store: server.url }, options);
    await endDuring("without a channel", deaf, async (end) => {
      eye.newConnections = "refuse";
      eye.resetAll();
      await end();
      eye.heal();
    });
  },
  TEST_TIMEOUT_MS,
);
