import { Redis } from "ioredis";
import { createRedisHandler } from "sessionwire/redis";
import { expect, test, vi } from "vitest";
import { startRedis } from "../servers/redis-server.ts";

test("concurrent calls are sent together, and one that has the connection to itself is sent at once", async () => {
  await using server = await startRedis();
  let client: Redis | undefined;
  await using handler = createRedisHandler((options) => {
    client = new Redis(server.url, options);
    return client;
  });
  await handler.read("a");
  if (!client) throw new Error("No client was made.");
  const alone = vi.spyOn(client.stream, "_write");
  const together = vi.spyOn(client.stream, "_writev");

  await handler.read("a");
  expect(alone).toHaveBeenCalledTimes(1);
  expect(together).not.toHaveBeenCalled();

  alone.mockClear();
  await Promise.all(Array.from({ length: 20 }, (_, index) => handler.read(String(index))));
  expect(alone).toHaveBeenCalledTimes(1);
  expect(together).toHaveBeenCalledTimes(1);
});
