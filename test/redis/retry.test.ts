// @module-tag real-time

import { withConnectionCheck, withRetry } from "sessionwire";
import { decorateHandler } from "sessionwire/backend";
import { createRedisHandler } from "sessionwire/redis";
import { expect, test } from "vitest";
import { startRedis } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create, textOf } from "./session-data.ts";
import { failureOf } from "./settling.ts";

expectNoEscapes();

/** Waits of 50 ms, for 5 s. */
const patient = { attempts: 100, baseDelayMs: 50, maxDelayMs: 50, random: () => 0.999 };

test("calls on a server that is restarted fail, and are answered behind withRetry; a change is made once (law 132)", async () => {
  await using server = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
  await using bare = createRedisHandler(server.url, { timeoutMs: 1000 });
  await using handler = withRetry(withConnectionCheck(createRedisHandler(server.url, { timeoutMs: 1000 })), patient);
  const { id, version } = await create(handler);
  await bare.read(id);
  await server.kill();
  await failureOf(bare.read(id)); // may be the one that finds out
  expect(await failureOf(bare.touch(id, 60))).toMatchObject({ code: "unavailable", outcome: "not-applied" });

  const reading = handler.read(id);
  await failureOf(bare.read(id)); // so that the first attempt of the other has failed, too
  const writing = handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
  await server.restart();
  expect(textOf(await reading)).toMatch(/first|second/);
  expect(await writing).toMatchObject({ written: true });
  expect(textOf(await bare.read(id))).toBe("second");
});

test("200 callers on a dead server make no more attempts than the budget allows (law 133)", async () => {
  await using server = await startRedis();
  let attempts = 0;
  const counted = decorateHandler(createRedisHandler(server.url, { timeoutMs: 1000 }), {
    before() {
      attempts += 1;
      return undefined;
    },
  });
  await using handler = withRetry(counted, { attempts: 50, baseDelayMs: 1, maxDelayMs: 5, budget: 30 });
  await handler.read("a");
  await server.kill();
  await failureOf(handler.read("a"));
  attempts = 0;
  const failures = await Promise.all(Array.from({ length: 200 }, () => failureOf(handler.touch("a", 60))));
  expect(new Set(failures.map((error) => (error as { code?: string }).code))).toEqual(new Set(["unavailable"]));
  expect(attempts).toBeGreaterThanOrEqual(200);
  expect(attempts).toBeLessThanOrEqual(200 + 30 + 20);
});
