import type { RedisOptions } from "ioredis";
import { SourceError } from "./errors.ts";

type OfLaterVersions =
  | "maintNotifications"
  | "maintEndpointType"
  | "maintRelaxedCommandTimeout"
  | "maintRelaxedSocketTimeout";

/**
 * The options of an ioredis client. A version with a new option fails to compile here, so that somebody checks whether
 * a client with that option could send anything twice.
 */
const known: Readonly<Record<keyof RedisOptions | "sentinelReconnectStrategy" | OfLaterVersions, true>> = {
  Connector: true,
  autoPipeliningIgnoredCommands: true,
  autoResendUnfulfilledCommands: true,
  autoResubscribe: true,
  blockingTimeout: true,
  blockingTimeoutGrace: true,
  clientInfoTag: true,
  commandQueue: true,
  commandTimeout: true,
  connectTimeout: true,
  connectionName: true,
  db: true,
  disableClientInfo: true,
  disconnectTimeout: true,
  enableAutoPipelining: true,
  enableOfflineQueue: true,
  enableReadyCheck: true,
  enableTLSForSentinelMode: true,
  failoverDetector: true,
  family: true,
  himportFieldsets: true,
  host: true,
  keepAlive: true,
  keyPrefix: true,
  lazyConnect: true,
  maintEndpointType: true,
  maintNotifications: true,
  maintRelaxedCommandTimeout: true,
  maintRelaxedSocketTimeout: true,
  maxLoadingRetryTime: true,
  maxRetriesPerRequest: true,
  monitor: true,
  name: true,
  natMap: true,
  noDelay: true,
  offlineQueue: true,
  password: true,
  path: true,
  port: true,
  preferredSlaves: true,
  protocol: true,
  readOnly: true,
  reconnectOnError: true,
  replyMapping: true,
  retryStrategy: true,
  role: true,
  scripts: true,
  sentinelCommandTimeout: true,
  sentinelMaxConnections: true,
  sentinelPassword: true,
  sentinelReconnectStrategy: true,
  sentinelRetryStrategy: true,
  sentinelTLS: true,
  sentinelUsername: true,
  sentinels: true,
  showFriendlyErrorStack: true,
  socketTimeout: true,
  stringNumbers: true,
  tls: true,
  updateSentinels: true,
  username: true,
};

export function isKnownOption(name: string): boolean {
  return Object.hasOwn(known, name);
}

/** Hints for names that other clients use, or that people remember. */
const meant: Readonly<Record<string, string>> = {
  url: "the URL instead of the options",
  uri: "the URL instead of the options",
  connectionString: "the URL instead of the options",
  hostname: "host",
  server: "host",
  address: "host",
  endpoint: "host",
  socket: "host and port, or path",
  unix: "path",
  unixSocket: "path",
  user: "username",
  pass: "password",
  passwd: "password",
  pwd: "password",
  auth: "username and password",
  auth_pass: "password",
  database: "db",
  index: "db",
  ssl: "tls",
  prefix: "keyPrefix, or the prefix of the handler's own options",
  nodes: "a Cluster",
  rootNodes: "a Cluster",
  startupNodes: "a Cluster",
  masterName: "name",
  sentinelName: "name",
};

/**
 * Rejects an unknown option, because ioredis would ignore it and connect to the server on this machine, or without
 * authentication.
 */
export function refuseUnknownOptions(options: object): void {
  if ("Connector" in options && options.Connector) return; // a custom connector may have its own options
  const [unknown] = Object.entries(options).find(([name, value]) => value !== undefined && !isKnownOption(name)) ?? [];
  if (unknown === undefined) return;
  const hint = Object.hasOwn(meant, unknown) ? ` Use ${meant[unknown]}.` : "";
  throw new SourceError(`No option "${unknown}" of ioredis is known here.${hint}`);
}

/**
 * Rejects a URL as a host. It would fail at the first call, with a message that quotes it, possibly including the
 * password.
 */
export function refuseUrlAsHost({ host }: RedisOptions): void {
  if (typeof host !== "string" || !/[/@\s]/.test(host)) return;
  throw new SourceError("The option host is a name or an address. Pass a URL instead of the options.");
}
