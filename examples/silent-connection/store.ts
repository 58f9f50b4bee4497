import { Redis } from "ioredis";
import { type SessionHandler, withConnectionCheck } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { checkReachable, putProxyBefore, readStoreAddress } from "../redis-address.ts";
import type { SilentProxy } from "../silent-proxy.ts";

export interface Store extends AsyncDisposable {
  readonly description: string;
  readonly handler: SessionHandler;
  /** Absent when there is no connection between here and the sessions. */
  readonly network: Network | undefined;
}

/** A connection that can go silent, and a client without any protection beside the handler, for comparison. */
export interface Network {
  readonly proxy: Pick<SilentProxy, "silence" | "heal">;
  readonly bareClient: Redis;
}

/** Sets the keys apart from whatever else is in the database. */
export const prefix = "silent-connection:";

/** Short, so that a demonstration does not take long; the defaults are 20 seconds, 1000, 3000 and 2000 ms. */
export const limits = { everySeconds: 1, pingTimeoutMs: 300, reconnectTimeoutMs: 1000, timeoutMs: 1000 } as const;

/** Opens what `SESSION_STORE` names. */
export async function openStore(address: string): Promise<Store> {
  const url = readStoreAddress(address);
  return url === undefined ? openMemory() : openRedis(url);
}

function openMemory(): Store {
  const handler = withConnectionCheck(createMemoryHandler());
  return {
    description: "the memory of this process",
    handler,
    network: undefined,
    [Symbol.asyncDispose]: () => handler.close(),
  };
}

async function openRedis(url: URL): Promise<Store> {
  await checkReachable(url); // not through the proxy, which accepts connections even when Redis does not
  const { proxy, url: proxied } = await putProxyBefore(url);
  const { timeoutMs, ...checkOptions } = limits;
  const handler = withConnectionCheck(createRedisHandler(proxied, { prefix, timeoutMs }), checkOptions);
  const bareClient = new Redis(proxied).on("error", () => {}); // ioredis would print them
  return {
    description: `Redis at ${url.host}`,
    handler,
    network: { proxy, bareClient },
    async [Symbol.asyncDispose]() {
      bareClient.disconnect();
      await handler.close();
      await proxy.close();
    },
  };
}
