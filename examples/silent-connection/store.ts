import { Redis } from "ioredis";
import { isSessionError, type SessionHandler, withConnectionCheck } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { explain, Mistake } from "./explain.ts";
import { type SilentProxy, startSilentProxy } from "./proxy.ts";

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

const reachableWithinMs = 2000;

/** Opens what `SESSION_STORE` names. */
export async function openStore(address: string): Promise<Store> {
  if (address === "memory:") return openMemory();
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "redis:" && url.hostname !== "") return openRedis(url);
  throw new Mistake(
    "SESSION_STORE names a store that this program does not know. It can be memory: (the default) or a URL of Redis or " +
      "Valkey, such as redis://localhost:6379.",
  );
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
  await checkReachable(url);
  const proxy = await startSilentProxy({ host: hostOf(url), port: Number(url.port || 6379) });
  const proxied = new URL(url);
  proxied.host = `127.0.0.1:${proxy.port}`;

  const { timeoutMs, ...checkOptions } = limits;
  const handler = withConnectionCheck(createRedisHandler(proxied.href, { prefix, timeoutMs }), checkOptions);
  const bareClient = new Redis(proxied.href).on("error", () => {}); // ioredis would print them
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

/** Asked directly and not through the proxy, which accepts connections even when Redis does not. */
async function checkReachable(url: URL): Promise<void> {
  await using handler = createRedisHandler(url.href, { timeoutMs: reachableWithinMs });
  try {
    await handler.ping();
  } catch (error) {
    if (!isSessionError(error)) throw error;
    throw new Mistake(`Redis at ${url.host} cannot be reached: ${explain(error)}`);
  }
}

/** Without the brackets that a URL has around an IPv6 address. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}
