import { Redis, type RedisOptions } from "ioredis";
import { type Clock, systemClock } from "sessionwire";
import type { createRedisChannel } from "sessionwire/redis";
import { type ConformanceCase, channelCases, startFaultProxy } from "sessionwire/testing";
import { expect, vi } from "vitest";
import { casesOf } from "../conformance/cases.ts";
import { startProxy } from "../faults/proxy.ts";
import type { Law } from "../laws/law.ts";
import { startRedis } from "../servers/redis-server.ts";
import { expectNothingMissed, hear, report, tell, untilHeard } from "./hearing.ts";
import { type KeyspaceSubject, keyspaceLaws } from "./keyspace-laws.ts";
import { FOUND_OUT_MS, redisChannelHarness, soon } from "./redis.ts";

export interface RedisChannelSubject extends KeyspaceSubject {
  readonly createRedisChannel: typeof createRedisChannel;
}

/** What the cases of the kit do not show: faults of one connection alone, and of servers. */
export const redisChannelLaws: readonly Law<RedisChannelSubject>[] = [
  {
    law: 115,
    says: "a subscription whose connection alone is silent is replaced, though nothing is told",
    async check({ createRedisChannel }) {
      await using server = await startRedis();
      await using proxy = await startProxy(server);
      await using teller = createRedisChannel(server.url, soon);
      await using channel = createRedisChannel(proxy.url, soon);
      const heard = hear(channel);
      await untilHeard(teller, heard);
      const before = heard.length;
      proxy.silence();
      await vi.waitUntil(() => heard.indexOf("gap", before) >= 0, { timeout: FOUND_OUT_MS });
      await untilHeard(teller, heard);
    },
  },
  {
    law: 115,
    says: "a teller whose connection is silent is heard from soon, in its order",
    async check({ createRedisChannel }) {
      await using server = await startRedis();
      await using proxy = await startProxy(server);
      await using teller = createRedisChannel(proxy.url, { ...soon, everySeconds: 1000 }); // no check saves it
      await using channel = createRedisChannel(server.url, soon);
      const heard = hear(channel);
      await untilHeard(teller, heard);
      const last = tell(teller);
      await vi.waitUntil(() => heard.includes(last), { interval: 100 }); // nothing is under way any more
      proxy.silence();
      const told = Array.from({ length: 50 }, () => tell(teller));
      await vi.waitUntil(() => told.every((hash) => heard.includes(hash)), { timeout: FOUND_OUT_MS });
      expect(heard.filter((hash) => told.includes(hash))).toEqual(told);
    },
  },
  {
    law: 115,
    says: "what was published on a server that was succeeded becomes a gap when the publisher gets to its successor",
    async check({ createRedisChannel }) {
      await using former = await startRedis();
      await using successor = await startRedis();
      const target = { port: former.port };
      await using address = await startFaultProxy(target);
      const { port } = address;
      await using teller = createRedisChannel({ host: "127.0.0.1", port }, { ...soon, everySeconds: 1000 });
      await using there = createRedisChannel(former.url, soon);
      await using channel = createRedisChannel(successor.url, soon);
      const [heardThere, heard] = [hear(there), hear(channel)];
      await untilHeard(teller, heardThere);
      await untilHeard(channel, heard);
      const lost = tell(teller);
      await vi.waitUntil(() => heardThere.includes(lost), { interval: 100 });
      const before = heard.length;
      target.port = successor.port;
      address.finAll(); // as a server does that becomes a replica, for its clients to look for another one
      await untilHeard(teller, heard);
      await vi.waitUntil(() => heard.indexOf("gap", before) >= 0, { timeout: FOUND_OUT_MS });
    },
  },
  {
    law: 115,
    says: "more messages than a teller keeps until it has a connection become a gap",
    async check({ createRedisChannel }) {
      await using server = await startRedis();
      await using proxy = await startProxy(server);
      await using teller = createRedisChannel(proxy.url, soon);
      await using channel = createRedisChannel(server.url, soon);
      const heard = hear(channel);
      await untilHeard(channel, heard);
      const before = heard.length;
      proxy.newConnections = "silent";
      for (let count = 0; count < 2000; count += 1) tell(teller);
      proxy.newConnections = "pass";
      proxy.resetAll();
      await vi.waitUntil(() => heard.indexOf("gap", before) >= 0, { timeout: FOUND_OUT_MS });
    },
  },
  {
    law: 115,
    says: "a subscription that is lost on a connection that is well is found by its echo",
    async check({ createRedisChannel }) {
      await using server = await startRedis();
      await using teller = createRedisChannel(server.url, soon);
      const clients: Redis[] = [];
      const make = (options: RedisOptions & { replyMapping: "legacy" }) => {
        const client = new Redis(server.port, "127.0.0.1", options);
        clients.push(client);
        return client;
      };
      await using channel = createRedisChannel(make, soon);
      const heard = hear(channel);
      const trouble = await expectNothingMissed(teller, heard, async () => {
        for (const client of clients) await client.unsubscribe("sessionwire").catch(() => {});
      });
      expect(trouble.untilGapMs).toBeLessThan(FOUND_OUT_MS);
      report("the subscription is lost", trouble);
    },
  },
  {
    law: 115,
    says: "a server that has become a replica is left by those who publish there",
    async check({ createRedisChannel }) {
      await using first = await startRedis();
      await using second = await startRedis();
      let port = first.port;
      const target = {
        get port() {
          return port;
        },
      };
      await using address = await startFaultProxy(target); // one address, behind which another server answers later
      const url = `redis://127.0.0.1:${address.port}`;
      await using teller = createRedisChannel(url, soon);
      await using channel = createRedisChannel(url, soon);
      const heard = hear(channel);
      const trouble = await expectNothingMissed(teller, heard, async () => {
        port = second.port;
        await first.command("replicaof", "127.0.0.1", String(second.port));
      });
      report("the server becomes a replica", trouble);
      const clients = String(await second.command("client", "list"));
      expect(clients).toMatch(/sub=1/);
    },
  },
  {
    law: 119,
    says: "closing leaves no timer",
    async check({ createRedisChannel, createRedisKeyspaceChannel }) {
      await using server = await startRedis();
      const { clock, pending } = countingClock();
      const patient = { everySeconds: 1000, pingTimeoutMs: 60_000, reconnectTimeoutMs: 60_000, clock };
      const channel = createRedisChannel(server.url, patient);
      const keyspace = createRedisKeyspaceChannel(server.url, patient);
      const [heard, gaps] = [hear(channel), hear(keyspace)];
      await untilHeard(channel, heard);
      await vi.waitUntil(() => gaps.includes("gap"), { timeout: FOUND_OUT_MS });
      expect(pending()).toBeGreaterThan(0);
      tell(channel);
      await Promise.all([channel.close(), keyspace.close()]);
      await vi.waitUntil(() => pending() === 0, { timeout: FOUND_OUT_MS });
    },
  },
];

/** All laws that a channel on Redis is held to. */
export function redisChannelCases(subject: RedisChannelSubject): ConformanceCase[] {
  return [
    ...channelCases(redisChannelHarness(subject.createRedisChannel)),
    ...casesOf(redisChannelLaws, subject),
    ...casesOf(keyspaceLaws, subject),
  ];
}

function countingClock(): { readonly clock: Clock; pending(): number } {
  const waiting = new Set<() => void>();
  const schedule: Clock["schedule"] = (run, delayMs) => {
    const cancel = systemClock.schedule(() => {
      waiting.delete(end);
      run();
    }, delayMs);
    const end = () => {
      waiting.delete(end);
      cancel();
    };
    waiting.add(end);
    return end;
  };
  return { clock: { ...systemClock, schedule }, pending: () => waiting.size };
}
