import type { RedisOptions } from "ioredis";
import { Connector } from "./connector.ts";

/** The options of every connection that is the handler's own. */
export type SafeOptions = RedisOptions & { replyMapping: "legacy" };

/**
 * Everything off by which ioredis would send a command later or once more, or keep a caller waiting: a write must be
 * executed at most once, and not after its caller was told that it failed.
 */
export function safeOptions(timeoutMs: number): SafeOptions {
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    enableReadyCheck: false, // the connection is checked by a ping of our own
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    reconnectOnError: null,
    connectTimeout: timeoutMs,
    commandTimeout: undefined, // rejects and leaves the connection as it is; the deadline is ours
    socketTimeout: undefined, // never lets a slow server finish its handshake
    readOnly: false,
    monitor: false,
    replyMapping: "legacy", // the shapes of replies that this adapter reads
    stringNumbers: false,
    Connector,
  };
  // ioredis takes `undefined` for "not set", which its types leave out, and a connector for what it does.
  return options as unknown as SafeOptions;
}

/** These options over those of somebody else, whose own way to connect stays: through a tunnel, for one. */
export function safeOver(own: RedisOptions, safe: SafeOptions): SafeOptions {
  return { ...own, ...safe, ...(own.Connector && { Connector: own.Connector }) };
}
