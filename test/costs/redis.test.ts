import { expect, test } from "vitest";
import { startRedis } from "../servers/redis-server.ts";
import { costsOf, overruns } from "./costs.ts";

test("an operation on Redis creates no more promises, timers and bytes than its budget", {
  timeout: 120_000,
}, async () => {
  await using server = await startRedis();
  const costs = await costsOf({ REDIS_URL: server.url });
  expect(Object.keys(costs)).toContain("open, set, save");
  expect(overruns(costs)).toEqual([]);
});
