import { createRedisHandler } from "sessionwire/redis";
import { openBareRedis } from "../../redis/bare-redis.ts";
import { startRedis } from "../../servers/redis-server.ts";
import type { ClearableHarness } from "./reused-servers.ts";
import type { NetworkedStore } from "./store.ts";

/** The commands that may change something. */
const changing = ["SET", "EVAL", "EVALSHA", "GETEX", "EXPIRE", "DEL", "DELIFEQ", "DELEX"];

/** A Redis server, and handlers on it. */
export function redisHarness(create = createRedisHandler): ClearableHarness {
  return {
    async startServer() {
      const server = await startRedis();
      const monitor = await server.monitor();
      return Object.assign(server, {
        clear: () => server.command("FLUSHALL"),
        async changes() {
          await monitor.caughtUp();
          return monitor.commands.filter(([name = ""]) => changing.includes(name.toUpperCase())).length;
        },
      });
    },
    create(port, { secret, ...options }) {
      const login = secret === undefined ? "" : `:${secret}@`;
      return create(`redis://${login}127.0.0.1:${port}`, options);
    },
  };
}

export const redis: NetworkedStore = {
  harness: redisHarness(),
  openBare(port, commandTimeout) {
    const client = openBareRedis(`redis://127.0.0.1:${port}`, commandTimeout === undefined ? {} : { commandTimeout });
    return {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value),
      increment: (key) => client.incr(key),
      close: () => client.quit(),
      [Symbol.dispose]: client[Symbol.dispose],
    };
  },
  bareCalls: {
    "its connection has died without a word": "hangs",
    "its new connection is accepted and never answered": "hangs",
    "it is closed on a silent connection": "hangs",
    "the server is down": "hangs",
    "the server stands still": "hangs",
  },
};
