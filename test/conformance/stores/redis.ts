import { createRedisHandler } from "sessionwire/redis";
import type { NetworkedHarness } from "sessionwire/testing";
import { startRedis } from "../../servers/redis-server.ts";

/** By how the first of its words is called. A script is asked for by its digest first, whatever comes then. */
const changing = ["EVALSHA", "GETEX", "EXPIRE", "DEL"];

/** A Redis server, and handlers on it. */
export function redisHarness(create = createRedisHandler): NetworkedHarness {
  return {
    async startServer() {
      const server = await startRedis();
      const monitor = await server.monitor();
      return Object.assign(server, {
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
