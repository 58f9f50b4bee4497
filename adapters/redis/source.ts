import { Cluster, type ClusterOptions, Redis, type RedisOptions } from "ioredis";

/**
 * Where a handler gets its connection from.
 *
 * - a URL (`redis://`, `rediss://`; with the query options `db`, `family`, `keyPrefix`, `connectionName`) or the path of a
 *   socket,
 * - the options of an ioredis client, Sentinel included,
 * - a client (`Redis` or `Cluster`): the handler makes a connection of its own by `duplicate` and leaves the client alone,
 * - a function that makes a client: it is called for each new connection, with the options that keep the client from sending
 *   anything twice. What it returns belongs to the handler. A client made without those options is replaced by a duplicate
 *   with them.
 *
 * @public
 */
export type RedisSource =
  | string
  | URL
  | RedisOptions
  | Redis
  | Cluster
  | ((options: RedisOptions & { replyMapping: "legacy" }) => Redis | Cluster);

/** What the handler uses of an ioredis client. */
export type RedisClient = Redis | Cluster;

/**
 * Says how to make the handler's own connections. Each is used once: when it is lost, the next one is made afresh, so that
 * nothing of the old one can linger on (ioredis sends commands again after a reconnect, also those that have already been
 * rejected).
 */
export function createClientFactory(source: RedisSource, timeoutMs: number): () => RedisClient {
  const safe = safeOptions(timeoutMs);
  if (typeof source === "function") return () => ownedClient(source(safe), safe);
  if (typeof source === "string" || source instanceof URL) {
    const url = String(source);
    checkUrl(url);
    return () => new Redis(url, safe);
  }
  if (typeof source !== "object" || source === null || Array.isArray(source)) throw new TypeError(sourceRule);
  if (isClient(source)) {
    refuseReplicas(source);
    const database = isCluster(source) ? undefined : source.condition?.select;
    return () => duplicate(source, database === undefined ? safe : { ...safe, db: database });
  }
  refuseForeignOptions(source);
  refuseReplicas({ options: source });
  return () => new Redis({ ...source, ...safe });
}

/** ioredis would not heed them, and connect to the server on this machine. */
function refuseForeignOptions(options: object): void {
  const foreign = ["url", "socket", "database"].find((name) => name in options);
  if (foreign === undefined) return;
  throw new TypeError(`ioredis has no option "${foreign}"; it has host, port and db. A URL can be given as it is.`);
}

const sourceRule = "A Redis source is a URL, ioredis options, an ioredis client or a function that makes one.";

type SafeOptions = RedisOptions & { replyMapping: "legacy" };

/**
 * Everything off by which ioredis would send a command later or once more, or keep a caller waiting: a write must be
 * executed at most once, and not after its caller was told that it failed.
 */
function safeOptions(timeoutMs: number): SafeOptions {
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
  };
  return options as SafeOptions; // ioredis takes `undefined` for "not set", which its types leave out
}

/** Without the delays, a reply that was lost would make ioredis send the command to another node. */
function safeClusterOptions(
  redisOptions: SafeOptions,
  timeoutMs: number,
): ClusterOptions & { redisOptions: SafeOptions } {
  return {
    lazyConnect: true,
    clusterRetryStrategy: () => null,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    scaleReads: "master",
    slotsRefreshTimeout: timeoutMs,
    redisOptions,
  };
}

function duplicate(client: RedisClient, safe: SafeOptions): RedisClient {
  if (!isCluster(client)) return client.duplicate(safe);
  return client.duplicate(
    [],
    safeClusterOptions({ ...client.options.redisOptions, ...safe }, safe.connectTimeout ?? 0),
  );
}

/** A client that was made for the handler, made safe where it is not. */
function ownedClient(client: RedisClient, safe: SafeOptions): RedisClient {
  if (typeof client !== "object" || client === null || !isClient(client)) {
    throw new TypeError("The function that makes the Redis client has not returned an ioredis client.");
  }
  const isUsable = isSafe(client);
  if (!isUsable) {
    client.on("error", () => {}); // it may still be connecting, and nobody is interested any more
    client.disconnect();
  }
  refuseReplicas(client);
  return isUsable ? client : duplicate(client, safe);
}

function isSafe(client: RedisClient): boolean {
  if (isCluster(client) || client.status !== "wait") return false;
  const { maxRetriesPerRequest, enableOfflineQueue, enableAutoPipelining, retryStrategy } = client.options;
  return maxRetriesPerRequest === 0 && !enableOfflineQueue && !enableAutoPipelining && !retryStrategy?.(1);
}

function isClient(source: RedisOptions | RedisClient): source is RedisClient {
  if (!("duplicate" in source) || typeof source.duplicate !== "function") return false;
  if ("getexBuffer" in source) return true;
  throw new TypeError(`${sourceRule} This is a client of another kind.`);
}

function isCluster(client: RedisClient): client is Cluster {
  return client instanceof Cluster || client.isCluster;
}

/** A replica answers reads with what was true some time ago, and refuses writes. */
function refuseReplicas(client: { options: RedisOptions | ClusterOptions }): void {
  if ("role" in client.options && client.options.role === "slave") {
    throw new TypeError('Sessions cannot be kept on a replica (`role: "slave"`).');
  }
}

/** The URL stays out of the messages, because it may contain a password. */
function checkUrl(text: string): void {
  if (text.startsWith("/")) return;
  if (!/^rediss?:\/\//.test(text)) {
    throw new TypeError("A Redis URL begins with redis:// or rediss://, and the path of a socket with a slash.");
  }
  if (!URL.canParse(text)) {
    throw new TypeError(
      "This is not a valid URL. Special characters in a user name or password must be percent-encoded.",
    );
  }
  const url = new URL(text);
  checkDatabase(url.pathname.slice(1));
  for (const [name, value] of url.searchParams) {
    if (!urlOptions.includes(name)) {
      throw new TypeError(`A Redis URL has no option "${name}" here; it has ${urlOptions.join(", ")}.`);
    }
    if (name === "db") checkDatabase(value);
    if (name === "family" && !["0", "4", "6"].includes(value)) throw new RangeError("family must be 0, 4 or 6.");
  }
}

/** Any other one would go before the options that keep ioredis from sending anything twice. */
const urlOptions: readonly string[] = ["db", "family", "keyPrefix", "connectionName"];

function checkDatabase(database: string): void {
  if (!/^\d*$/.test(database)) throw new RangeError("The database in a Redis URL must be a whole number.");
}
