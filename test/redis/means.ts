import { Redis } from "ioredis";
import { createRedisHandler } from "sessionwire/redis";

/** By what a handler compares and changes in one step. */
export type Means = "own commands" | "scripts that compare bytes" | "scripts that compare digests";

/** A handler that takes its server for another one. */
export function openAs(url: string, info: string, change: (client: Redis) => void = () => {}) {
  return createRedisHandler((options) => {
    const client = Object.assign(new Redis(url, options), { info: async () => info });
    change(client);
    return client;
  });
}

/** A handler for what is read, and one for what is written. The one has the bytes that the other has no version of. */
export function openByMeans(url: string, means: Means) {
  const open = () => (means === "own commands" ? createRedisHandler(url) : openAs(url, "redis_version:6.2.0"));
  const reader = open();
  const writer = means === "scripts that compare digests" ? open() : reader;
  return {
    reader,
    writer,
    async [Symbol.asyncDispose]() {
      await reader.close();
      await writer.close();
    },
  };
}
