import { randomUUID } from "node:crypto";
import { Cluster } from "ioredis";
import { type Clock, type NetworkedSessionHandler, type SessionHandler, systemClock } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { createVirtualClock } from "sessionwire/testing";
import { createUpstashHandler } from "sessionwire/upstash";
import { startMemcached } from "../servers/memcached-server.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { startRedisSentinels } from "../servers/redis-sentinel.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { passTime } from "../servers/redis-time.ts";
import { startUpstash } from "../servers/upstash-server.ts";

/** A store that is there for all tests of one file. */
export interface Backend {
  /** A handler on the store, of which everything has been removed. */
  create(): Promise<SessionHandler | NetworkedSessionHandler>;
  /** Lets the time of the store pass. */
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** What is to be known of a store before it is chosen. */
export interface Traits {
  /** Whether it can list its ids. */
  readonly lists: boolean;
  /** By how much a session may outlive its time to live. */
  readonly lateMs?: number;
  /** The laws that it cannot keep, each with the reason. */
  readonly exceptions?: Readonly<Record<number, string>>;
  /** What may be later than said, and by how much. */
  readonly expiry: string;
  /** When sessions are lost without an error. */
  readonly loses: string;
}

export interface BackendEntry {
  readonly traits: Traits;
  /** Where the deadlines of one call are too short for a thousand at once. */
  readonly timeoutMs?: number;
  /** `true` for another arrangement of a store, on which all decorators are proved already. */
  readonly isVariant?: boolean;
  open(): Promise<Backend>;
}

/** A thousand HTTP requests at once take a small machine longer than the deadlines that are meant for one. */
const SLOW_MS = 20_000;

const ofRedis: Traits = {
  lists: true,
  expiry: "by the server: seen up to 25 ms late and 5 ms early",
  loses: "a restart without persistence; eviction (any `maxmemory-policy` but `noeviction`)",
};

const ofMemcached: Traits = {
  lists: false,
  lateMs: 3000,
  expiry: "by the server, in whole seconds: up to 3 s late, never early",
  loses: "a restart; eviction; a server that is added to the set or taken out",
};

/** Every backend that a handler of this package keeps its sessions in. */
export const backends = {
  memory: {
    traits: {
      lists: true,
      expiry: "exact, by monotonic time",
      loses: "the end of the process; a bound that was set (the least recently used goes first)",
    },
    open: openMemory,
  },
  Redis: {
    traits: ofRedis,
    async open() {
      const server = await startRedis();
      return onRedis([server], server.url, () => server.stop());
    },
  },
  "Redis Cluster": {
    isVariant: true,
    traits: { ...ofRedis, loses: `${ofRedis.loses}; a failover before replication` },
    async open() {
      const { startupNodes, servers, stop } = await startRedisCluster({ nodeTimeoutMs: 15_000 });
      return onRedis(servers.slice(0, 3), new Cluster(startupNodes, { lazyConnect: true }), stop);
    },
  },
  "Redis Sentinel": {
    isVariant: true,
    traits: { ...ofRedis, loses: `${ofRedis.loses}; a failover before replication` },
    async open() {
      const { addresses, name, master, stop } = await startRedisSentinels();
      return onRedis([await master()], { sentinels: addresses, name }, stop);
    },
  },
  Upstash: {
    timeoutMs: SLOW_MS,
    traits: {
      lists: true,
      expiry: ofRedis.expiry,
      loses: "what the plan says: eviction, if it is on",
    },
    async open() {
      const { url, token, redis, stop } = await startUpstash();
      return {
        ...onRedis([redis], redis.url, stop),
        create: async () => {
          await redis.command("FLUSHALL");
          return createUpstashHandler({ url, token }, { timeoutMs: SLOW_MS });
        },
      };
    },
  },
  Memcached: { traits: ofMemcached, open: () => openMemcached(1) },
  "Memcached, 3 servers": { isVariant: true, traits: ofMemcached, open: () => openMemcached(3) },
} as const satisfies Readonly<Record<string, BackendEntry>>;

/** The time of the machine as the servers see it, which are advanced alike. With room for a session of 1 MiB and its key. */
async function openMemcached(count: number): Promise<Backend> {
  const servers = await Promise.all(Array.from({ length: count }, () => startMemcached({ args: ["-I", "2m"] })));
  const clock: Clock = { ...systemClock, now: () => Date.now() + (servers[0]?.aheadMs ?? 0) };
  const source = servers.map(({ address }) => address).join();
  return {
    // What is left of other tests is under other keys.
    create: async () => createMemcachedHandler(source, { prefix: `${randomUUID()}:`, clock }),
    advance: async (ms) => void (await Promise.all(servers.map((server) => server.advance(ms)))),
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

async function openMemory(): Promise<Backend> {
  const clock = createVirtualClock();
  return { create: async () => createMemoryHandler({ clock }), advance: clock.advance, stop: async () => {} };
}

function onRedis(masters: readonly RedisServer[], source: RedisSource, stop: () => Promise<void>): Backend {
  const onAll = (name: string, ...args: string[]) =>
    Promise.all(masters.map((master) => master.command(name, ...args)));
  return {
    async create() {
      await onAll("FLUSHALL");
      return createRedisHandler(source);
    },
    advance: async (ms) => void (await Promise.all(masters.map((master) => passTime(master, ms)))),
    stop,
  };
}
