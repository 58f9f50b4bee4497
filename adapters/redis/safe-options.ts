import type { Redis, RedisOptions } from "ioredis";
import { Connector } from "./connector.ts";
import { isKnownOption } from "./known-options.ts";

/** The options of every connection that is the handler's own. */
export type SafeOptions = RedisOptions & { replyMapping: "legacy" };

/**
 * Everything off by which ioredis would send a command later or once more, put another connection in the place of this one, or keep
 * a caller waiting: a write must be executed at most once, and not after its caller was told that it failed.
 */
export function safeOptions(): SafeOptions {
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    enableReadyCheck: false, // the connection is checked by a ping of our own
    maxLoadingRetryTime: 0,
    retryStrategy: never,
    sentinelRetryStrategy: never,
    sentinelReconnectStrategy: never,
    failoverDetector: false,
    reconnectOnError: null,
    maintNotifications: "disabled", // from 6.1 on, a client moves to another server, and holds commands back meanwhile
    himportFieldsets: undefined, // are sent on every connection
    connectTimeout: 0, // ours is the deadline
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

function never(): null {
  return null;
}

/** Names of options by which a client may send again, send later, or change its connection. */
const mayResend = /retr(y|ies)|resend|replay|redirect|reconnect|hand-?off|maint|offline|queue|pipelin/i;

/**
 * These options over those of somebody else, whose own way to connect stays: through a tunnel, for one. An option that is not
 * known here, in a version of ioredis to come, is left out if its name says that it may undo them.
 */
export function safeOver(own: RedisOptions, safe: SafeOptions): SafeOptions {
  const unknown = Object.keys(own).filter((name) => !isKnownOption(name) && mayResend.test(name));
  const leftOut = Object.fromEntries(unknown.map((name) => [name, undefined]));
  return { ...own, ...leftOut, ...safe, ...(own.Connector && { Connector: own.Connector }) };
}

/** Whether a client that was never connected has these options, and no other ones in their place. */
export function isSafe(client: Redis, safe: SafeOptions): boolean {
  const { Connector: _own, ...rest } = safe;
  const differs = ([name, value]: [string, unknown]) => (Reflect.get(client.options, name) ?? null) !== (value ?? null);
  return client.status === "wait" && !Object.entries(rest).some(differs);
}
