import type { NetworkedSessionHandler } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll } from "vitest";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";

/** A server for the tests of a file, and a handler that reaches it without any fault in between. Both end with the file. */
export async function openScene(): Promise<{
  readonly server: RedisServer;
  readonly handler: NetworkedSessionHandler;
}> {
  const server = await startRedis();
  const handler = createRedisHandler(server.url);
  afterAll(async () => {
    await handler.close();
    await server.stop();
  });
  return { server, handler };
}
