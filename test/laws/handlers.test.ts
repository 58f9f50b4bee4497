import { type SessionHandler, withConnectionCheck, withHashedKeys, withMigration } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import {
  createVirtualClock,
  defineCases,
  type HandlerHarness,
  handlerCases,
  type VirtualClock,
} from "sessionwire/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { passTime } from "../servers/redis-time.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** What every handler must do, while a server is the old store of a migration (law 103). */
const harnesses: Record<string, HandlerHarness> = {
  "withMigration(redis, memory)": onRedis((handler, clock) =>
    withMigration(handler, createMemoryHandler({ clock }), { clock }),
  ),
  "withMigration(redis, withHashedKeys(redis)) on one Redis": onRedis((handler, clock) => {
    const checked = withConnectionCheck(handler, { everySeconds: 0 });
    return withMigration(checked, withHashedKeys(checked), { clock });
  }),
};

for (const [name, harness] of Object.entries(harnesses)) {
  defineCases(name, handlerCases(harness), { describe, it: test });

  test(`${name} lists, as the handler inside does, unless keys are hashed`, async () => {
    const handler = await harness.create();
    expect("list" in handler).toBe(!name.includes("withHashedKeys"));
    await handler.close();
  });
}

function onRedis(
  decorate: (handler: ReturnType<typeof createRedisHandler>, clock: VirtualClock) => SessionHandler,
): HandlerHarness {
  const clock = createVirtualClock();
  return {
    async create() {
      await server.command("FLUSHALL");
      return decorate(createRedisHandler(server.url), clock);
    },
    async advance(ms) {
      await passTime(server, ms);
      await clock.advance(ms);
    },
  };
}
