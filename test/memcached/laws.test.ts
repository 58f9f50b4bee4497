import { randomUUID } from "node:crypto";
import { type Clock, systemClock, withConnectionCheck, withTimeout } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { afterAll, describe, test } from "vitest";
import { type HandlerHarness, handlerLaws } from "../laws/handler-laws.ts";
import { startMemcached } from "../servers/memcached-server.ts";

/**
 * What is declared, and added to the time that passes: a session may end so much late. It never ends early, so to the law that
 * says so, nothing is added.
 */
const latenessMs = 3000;
const lawAgainstEarliness = 7;

/** With the 1 MiB that it takes by default, it would have no room for law 31: a session of 1 MiB, with its key. */
const args = ["-I", "2m"];

const servers = await Promise.all([1, 2, 3].map(() => startMemcached({ args })));
afterAll(() => Promise.all(servers.map((server) => server.stop())));
console.info(`Memcached counts in whole seconds: sessions may end up to ${latenessMs} ms late (laws but 7).`);
console.info("Memcached cannot list its keys: no laws of listing.");

type Handler = HandlerHarness["handler"];

/** The time of the machine as the servers see it, which are advanced alike. */
const clock: Clock = { ...systemClock, now: () => Date.now() + (servers[0]?.aheadMs ?? 0) };

const decorations: Record<string, (handler: ReturnType<typeof createMemcachedHandler>) => Handler> = {
  memcached: (handler) => handler,
  "withConnectionCheck(withTimeout(memcached))": (handler) =>
    withConnectionCheck(withTimeout(handler), { everySeconds: 0 }),
};

describe.each([
  ["one server", servers.slice(0, 1)],
  ["three servers", servers],
])("on %s", (_, used) => {
  describe.each(Object.entries(decorations))("%s", (_, decorate) => {
    for (const { law, says, check } of handlerLaws) {
      test(`${says} (law ${law})`, async () => {
        const lateMs = law === lawAgainstEarliness ? 0 : latenessMs;
        const advance = async (ms: number) => {
          await Promise.all(servers.map((server) => server.advance(ms + lateMs)));
        };
        // What is left of other tests is under other keys.
        const options = { prefix: `${randomUUID()}:`, clock };
        const handler = decorate(createMemcachedHandler(used.map(({ address }) => address).join(), options));
        await check({ handler, advance });
        await handler.close();
      });
    }
  });
});
