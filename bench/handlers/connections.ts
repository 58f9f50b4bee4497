import { Redis } from "ioredis";
import { type SessionHandler, withConnectionCheck, withTimeout } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";

/** All compared variants, each with its own connection. */
export interface Connections {
  readonly raw: Redis;
  readonly handlers: readonly NamedHandler[];
}

export interface NamedHandler {
  readonly name: string;
  readonly handler: SessionHandler;
}

export function connectToRedis(url: string): Connections {
  const checked = withConnectionCheck(createRedisHandler(url));
  const timed = withTimeout(withConnectionCheck(createRedisHandler(url)));
  return {
    raw: new Redis(url),
    handlers: [
      { name: "createRedisHandler", handler: createRedisHandler(url) },
      { name: "withConnectionCheck(createRedisHandler)", handler: checked },
      { name: "withTimeout(withConnectionCheck(createRedisHandler))", handler: timed },
    ],
  };
}

/** Stores sessions of 1 KB under these ids. */
export async function fill(raw: Redis, ids: readonly string[], text: string): Promise<void> {
  await Promise.all(ids.map((id) => raw.set(id, text, "EX", 86_400)));
}
