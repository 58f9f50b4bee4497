import { type SessionHandler, withConnectionCheck, withMigration, withTimeout } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import {
  createVirtualClock,
  defineCases,
  type HandlerHarness,
  handlerCases,
  type VirtualClock,
} from "sessionwire/testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { passTime } from "../servers/redis-time.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** What every handler must do, on every handler and in every documented order of decorators (laws 103 and 104). */
const harnesses: Record<string, HandlerHarness> = {
  memory: onMemory((handler) => handler),
  "memory with a bound": onMemory((handler) => handler, { maxSessions: 500, maxTotalBytes: 3_000_000 }),
  "withTimeout(memory)": onMemory((handler, clock) => withTimeout(handler, { clock })),
  "withConnectionCheck(memory)": onMemory((handler, clock) => withConnectionCheck(handler, { clock })),
  "withConnectionCheck(withTimeout(memory))": onMemory((handler, clock) =>
    withConnectionCheck(withTimeout(handler, { clock }), { clock }),
  ),
  "withTimeout(withConnectionCheck(memory))": onMemory((handler, clock) =>
    withTimeout(withConnectionCheck(handler, { clock }), { clock }),
  ),
  "withMigration(memory, memory)": onMemory((handler, clock) =>
    withMigration(createMemoryHandler({ clock }), handler, { clock }),
  ),
  "withMigration(memory, memory) before anything moves": onMemory((handler, clock) =>
    withMigration(handler, createMemoryHandler({ clock }), { clock, moves: false }),
  ),
  "withMigration(redis, memory)": onRedis((handler, clock) =>
    withMigration(handler, createMemoryHandler({ clock }), { clock }),
  ),
  "withConnectionCheck(redis)": onRedis((handler) => withConnectionCheck(handler, { everySeconds: 0 })),
  "withTimeout(withConnectionCheck(redis))": onRedis((handler) => withTimeout(withConnectionCheck(handler))),
};

for (const [name, harness] of Object.entries(harnesses)) {
  defineCases(name, handlerCases({ ...harness, lists: true }), { describe, it: test });
}

type Decorate<H> = (handler: H, clock: VirtualClock) => SessionHandler;

function onMemory(
  decorate: Decorate<ReturnType<typeof createMemoryHandler>>,
  options: Parameters<typeof createMemoryHandler>[0] = {},
): HandlerHarness {
  const clock = createVirtualClock();
  return { create: () => decorate(createMemoryHandler({ clock, ...options }), clock), advance: clock.advance };
}

function onRedis(decorate: Decorate<ReturnType<typeof createRedisHandler>>): HandlerHarness {
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
