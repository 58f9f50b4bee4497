import type { Redis, RedisOptions } from "ioredis";
import { Connector } from "./connector.ts";
import { isKnownOption } from "./known-options.ts";

/** The options of every connection that belongs to the handler. */
export type SafeOptions = RedisOptions & { replyMapping: "legacy" };

/**
 * Disables everything by which ioredis would send a command later or again, replace this connection, or keep a caller
 * waiting: a write must be executed at most once, and never after its caller was told that it failed.
 */
export function safeOptions(): SafeOptions {
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    enableReadyCheck: false, // the handler checks the connection with a ping of its own
    maxLoadingRetryTime: 0,
    retryStrategy: never,
    sentinelRetryStrategy: never,
    sentinelReconnectStrategy: never,
    failoverDetector: false,
    reconnectOnError: null,
    maintNotifications: "disabled", // since 6.1, a client with it moves to another server, and holds back commands meanwhile
    himportFieldsets: undefined, // they are sent on every connection
    connectTimeout: 0, // the handler has its own deadline
    commandTimeout: undefined, // it rejects but leaves the connection open; the handler has its own deadline
    socketTimeout: undefined, // it never lets a slow server finish its handshake
    readOnly: false,
    monitor: false,
    replyMapping: "legacy", // the form of replies that this adapter reads
    stringNumbers: false,
    Connector,
  };
  // ioredis reads `undefined` as "not set", although its types do not say so, and accepts any object that acts as a
  // connector.
  return options as unknown as SafeOptions;
}

function never(): null {
  return null;
}

/** Patterns for option names by which a client may resend, delay, or change its connection. */
const mayResend = /retr(y|ies)|resend|replay|redirect|reconnect|hand-?off|maint|offline|queue|pipelin/i;

/**
 * Overrides the application's options with these, but keeps its own connector, for example a tunnel. An unknown option
 * of a future ioredis version is left out if its name suggests that it may undo these.
 */
export function safeOver(own: RedisOptions, safe: SafeOptions): SafeOptions {
  const unknown = Object.keys(own).filter((name) => !isKnownOption(name) && mayResend.test(name));
  const leftOut = Object.fromEntries(unknown.map((name) => [name, undefined]));
  return { ...own, ...leftOut, ...safe, ...(own.Connector && { Connector: own.Connector }) };
}

/** Returns true if a client that was never connected has these options, and no others instead. */
export function isSafe(client: Redis, safe: SafeOptions): boolean {
  const { Connector: _own, ...rest } = safe;
  const differs = ([name, value]: [string, unknown]) => (Reflect.get(client.options, name) ?? null) !== (value ?? null);
  return client.status === "wait" && !Object.entries(rest).some(differs);
}
