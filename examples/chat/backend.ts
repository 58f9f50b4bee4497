import { type SessionHandler, withConnectionCheck } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { checkReachable, putProxyBefore, readStoreAddress } from "../redis-address.ts";
import { ConnectionLog } from "./connection-log.ts";
import type { Settings } from "./settings.ts";
import { SilenceTrial } from "./silence-trial.ts";

/** Where the sessions are kept, and what stands before it. */
export interface Backend {
  readonly description: string;
  /** From the session manager to the store. */
  readonly layers: readonly string[];
  /** Belongs to the session manager, which closes it. */
  readonly handler: SessionHandler;
  /** Absent where there is no connection. */
  readonly log: ConnectionLog | undefined;
  /** Absent where there is no connection, or where people depend on it. */
  readonly trial: SilenceTrial | undefined;
  /** Whether sessions outlive this process. */
  readonly isLasting: boolean;
}

/** Short, so that one need not wait long to see it; the default is 20. */
export const checkEverySeconds = 5;

/** Opens what `SESSION_STORE` names. */
export async function openBackend({ storeAddress, isProduction }: Settings): Promise<Backend> {
  const url = readStoreAddress(storeAddress);
  if (url === undefined) return openMemory();
  await checkReachable(url);
  if (isProduction) return openRedis(url, url.href, undefined);
  const { proxy, url: proxied } = await putProxyBefore(url);
  return openRedis(url, proxied, new SilenceTrial(proxy, proxied));
}

function openMemory(): Backend {
  return {
    description: "the memory of this process",
    layers: ["createMemoryHandler"],
    handler: createMemoryHandler({ maxSessions: 10_000 }),
    log: undefined,
    trial: undefined,
    isLasting: false,
  };
}

function openRedis(url: URL, connectTo: string, trial: SilenceTrial | undefined): Backend {
  const log = new ConnectionLog();
  return {
    description: `Redis at ${url.host}`,
    layers: [
      `withConnectionCheck (every ${checkEverySeconds} s)`,
      "createRedisHandler",
      ...(trial ? ["a proxy that can fall silent"] : []),
    ],
    handler: withConnectionCheck(log.watch(createRedisHandler(connectTo)), { everySeconds: checkEverySeconds }),
    log,
    trial,
    isLasting: true,
  };
}
