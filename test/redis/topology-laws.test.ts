import { Cluster } from "ioredis";
import { type NetworkedSessionHandler, withConnectionCheck, withTimeout } from "sessionwire";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { afterAll, beforeAll, describe, test } from "vitest";
import { handlerLaws } from "../laws/handler-laws.ts";
import { type ListingHarness, listLaws } from "../laws/list-laws.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { startRedisSentinels } from "../servers/redis-sentinel.ts";
import type { RedisServer } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";

expectNoEscapes();

/** Who holds the sessions, and how a handler gets there. */
interface Stage {
  readonly masters: readonly RedisServer[];
  readonly source: RedisSource;
  stop(): Promise<void>;
}

const stages: Record<string, () => Promise<Stage>> = {
  async Cluster() {
    const cluster = await startRedisCluster({ nodeTimeoutMs: 15_000 });
    const source = new Cluster(cluster.startupNodes, { lazyConnect: true });
    return { masters: cluster.servers.slice(0, 3), source, stop: cluster.stop };
  },
  async Sentinel() {
    const { addresses, name, master, stop } = await startRedisSentinels();
    return { masters: [await master()], source: { sentinels: addresses, name }, stop };
  },
};

const decorations = [
  ["bare", (handler: ReturnType<typeof createRedisHandler>): ListingHarness["handler"] => handler],
  [
    "withConnectionCheck(withTimeout(…))",
    (handler: ReturnType<typeof createRedisHandler>) =>
      withConnectionCheck(withTimeout(handler), { everySeconds: 0 }) satisfies NetworkedSessionHandler,
  ],
] as const;

describe.each(Object.entries(stages))("on %s", (_, open) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await open();
  });
  afterAll(() => stage.stop());

  describe.each(decorations)("%s", (_, decorate) => {
    for (const { law, says, check } of handlerLaws) test(`${says} (law ${law})`, () => run(check));
    for (const { says, check } of listLaws) test(says, () => run(check));

    async function run(check: (harness: ListingHarness) => Promise<void>): Promise<void> {
      await onAll("FLUSHALL");
      const handler = decorate(createRedisHandler(stage.source));
      await check({ handler, advance: (ms) => onAll("EVAL", moveExpiry, "0", String(ms)) });
      await handler.close();
    }
  });

  async function onAll(name: string, ...args: string[]): Promise<void> {
    await Promise.all(stage.masters.map((master) => master.command(name, ...args)));
  }
});

/** Makes time pass without waiting: every key loses so much of its time to live. */
const moveExpiry = `for _, key in ipairs(redis.call('KEYS', '*')) do
  redis.call('PEXPIRE', key, redis.call('PTTL', key) - ARGV[1])
end`;
