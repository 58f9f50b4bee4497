import { Redis } from "ioredis";
import { type SessionHandler, withConnectionCheck } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { checkReachable, putProxyBefore, readStoreAddress } from "../redis-address.ts";
import type { SilentProxy } from "../silent-proxy.ts";

export interface Store extends AsyncDisposable {
  readonly description: string;
  readonly handler: SessionHandler;
  /** The network; absent if there is no connection to the sessions. */
  readonly network: Network | undefined;
}

/** A connection that can go silent, and an unprotected client beside the handler, for comparison. */
export interface Network {
  readonly proxy: Pick<SilentProxy, "silence" | "heal">;
  readonly bareClient: Redis;
}

/** Separates the keys from everything else in the database. */
export const prefix = "silent-connection:";

/**
 * Short limits in seconds and ms, so that a demonstration does not take long; the defaults are 20 s, 1000, 3000 and
 * 2000 ms.
 */
export const limits = { everySeconds: 1, pingTimeoutMs: 300, reconnectTimeoutMs: 1000, timeoutMs: 1000 } as const;

/** Opens the store that `SESSION_STORE` names. */
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
  await checkReachable(url); // not through the proxy, which accepts connections even if Redis does not
  const { proxy, url: proxied } = await putProxyBefore(url);
  const { timeoutMs, ...checkOptions } = limits;
  const handler = withConnectionCheck(createRedisHandler(proxied, { prefix, timeoutMs }), checkOptions);
  const bareClient = new Redis(proxied).on("error", () => {}); // otherwise ioredis would print them
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
