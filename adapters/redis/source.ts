import type { Cluster, ClusterOptions, Redis, RedisOptions } from "ioredis";
import type { Clock } from "sessionwire";
import { type Client, connect } from "./client.ts";
import { ClusterConnections } from "./cluster.ts";
import { clusterSource } from "./cluster-source.ts";
import { RedisConnection, type RedisConnections } from "./connection.ts";
import { making, SourceError } from "./errors.ts";
import { type SafeOptions, safeOptions, safeOver } from "./safe-options.ts";
import { expectCurrent, openMaster, sentinelSource } from "./sentinel.ts";

/**
 * Where a handler gets its connection from.
 *
 * - a URL (`redis://`, `rediss://`; with the query options `db`, `family`, `keyPrefix`, `connectionName`) or the path of a
 *   socket,
 * - the options of an ioredis client, Sentinel included,
 * - a client (`Redis` or `Cluster`): the handler makes connections of its own, with its options, and leaves the client alone,
 * - a function that makes a client: it is called for each new connection, with the options that keep the client from sending
 *   anything twice. What it returns belongs to the handler. A client made without those options is replaced by a duplicate
 *   with them. A `Cluster` is made once, and asked for its options.
 *
 * @public
 */
export type RedisSource =
  | string
  | URL
  | RedisOptions
  | Redis
  | Cluster
  | IoredisFork
  | ((options: RedisOptions & { replyMapping: "legacy" }) => Redis | Cluster | IoredisFork);

/**
 * A client of a fork of ioredis, such as iovalkey: what tells it from other things. Its duplicates do what those of ioredis do.
 *
 * @public
 */
export interface IoredisFork {
  /** As with ioredis. */
  readonly status: string;
  /** As with ioredis. */
  readonly options: object;
  /** Makes another client, with options put over those of this one. */
  duplicate(...args: never[]): unknown;
  /** What tells it from clients of other kinds. */
  getexBuffer(...args: never[]): unknown;
}

/** What the handler can be made from besides URLs and options. */
type RedisClient = Redis | Cluster;

/**
 * Makes the handler's own connections. Each client is used once: when its connection is lost, the next one is made afresh, so
 * that nothing of the old one can linger on (ioredis sends commands again after a reconnect, also those that have already been
 * rejected).
 */
export function createConnections(
  Client: Client,
  source: RedisSource,
  timeoutMs: number,
  clock: Clock,
): RedisConnections {
  const making: Making = { Client, safe: safeOptions(timeoutMs), timeoutMs, clock };
  if (typeof source === "function") return new MadeConnections(source, making);
  if (typeof source === "string" || source instanceof URL) {
    const url = String(source);
    checkUrl(url);
    return new RedisConnection(() => connect(new Client(url, making.safe), timeoutMs, clock));
  }
  if (typeof source !== "object" || source === null || Array.isArray(source)) throw new TypeError(sourceRule);
  if (isClient(source)) return ofClient(asIoredis(source), making);
  refuseForeignOptions(source);
  refuseReplicas({ options: source });
  if (source.sentinels) return throughSentinels(source, making);
  return new RedisConnection(() => connect(new Client(safeOver(source, making.safe)), timeoutMs, clock));
}

interface Making {
  readonly Client: Client;
  readonly safe: SafeOptions;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

function ofClient(client: RedisClient, making: Making): RedisConnections {
  const { Client, safe, timeoutMs, clock } = making;
  refuseReplicas(client);
  if (isCluster(client)) return new ClusterConnections(Client, clusterSource(Client, client, safe), timeoutMs, clock);
  const database = client.condition?.select;
  const options = database === undefined ? safe : { ...safe, db: database };
  if (client.options.sentinels) return throughSentinels(client.options, { ...making, safe: options });
  return new RedisConnection(() => connect(client.duplicate(safeOver(client.options, options)), timeoutMs, clock));
}

function throughSentinels(options: RedisOptions, { Client, safe, timeoutMs, clock }: Making): RedisConnections {
  const source = sentinelSource(Client, options, safe);
  return new RedisConnection(
    () => openMaster(source, timeoutMs, clock),
    (client) => expectCurrent(source, client, timeoutMs, clock),
  );
}

type MakeClient = Extract<RedisSource, (...args: never[]) => unknown>;

/** Of a function, only calling it tells whether it makes clients of one server or of a Cluster. */
class MadeConnections implements RedisConnections {
  readonly #make: MakeClient;
  readonly #making: Making;
  #made: RedisConnections | undefined;

  constructor(make: MakeClient, making: Making) {
    this.#make = make;
    this.#making = making;
  }

  send: RedisConnections["send"] = async (...args) => this.#connections().send(...args);
  sendTo: RedisConnections["sendTo"] = async (...args) => this.#connections().sendTo(...args);
  servers: RedisConnections["servers"] = async () => this.#connections().servers();
  ping: RedisConnections["ping"] = async (...args) => this.#connections().ping(...args);
  reconnect: RedisConnections["reconnect"] = async (...args) => this.#connections().reconnect(...args);

  connectionOf(key: string): string {
    return this.#made?.connectionOf?.(key) ?? "";
  }

  close(): void {
    this.#made?.close();
  }

  #connections(): RedisConnections {
    this.#made ??= making(() => this.#begin());
    return this.#made;
  }

  #begin(): RedisConnections {
    const first = this.#ownedClient();
    if (isCluster(first) || first.options.sentinels) {
      giveUp(first);
      return ofClient(first, this.#making);
    }
    let unused: Redis | undefined = first;
    return new RedisConnection(() => {
      const client = unused ?? this.#ownedClient();
      unused = undefined;
      if (isCluster(client)) throw new SourceError("The function that made a client of one server has made a Cluster.");
      return connect(client, this.#making.timeoutMs, this.#making.clock);
    });
  }

  /** A client that was made for the handler, made safe where it is not. */
  #ownedClient(): RedisClient {
    const { safe } = this.#making;
    const made = this.#make(safe);
    if (typeof made !== "object" || made === null || !isClient(made)) {
      throw new SourceError("The function that makes the Redis client has not returned an ioredis client.");
    }
    const client = asIoredis(made);
    if (isCluster(client) || isSafe(client)) return client;
    giveUp(client);
    refuseReplicas(client);
    return client.duplicate(safeOver(client.options, safe));
  }
}

/** Ends a client that may still be connecting, and in which nobody is interested any more. */
function giveUp(client: RedisClient): void {
  client.on("error", () => {});
  client.disconnect();
}

/** ioredis would not heed them, and connect to the server on this machine. */
function refuseForeignOptions(options: object): void {
  const foreign = ["url", "socket", "database"].find((name) => name in options);
  if (foreign === undefined) return;
  throw new TypeError(`ioredis has no option "${foreign}"; it has host, port and db. A URL can be given as it is.`);
}

const sourceRule = "A Redis source is a URL, ioredis options, an ioredis client or a function that makes one.";

function isSafe(client: Redis): boolean {
  if (client.status !== "wait") return false;
  const { maxRetriesPerRequest, enableOfflineQueue, enableAutoPipelining, retryStrategy } = client.options;
  return maxRetriesPerRequest === 0 && !enableOfflineQueue && !enableAutoPipelining && !retryStrategy?.(1);
}

function isClient(source: object): source is RedisClient | IoredisFork {
  if (!("duplicate" in source) || typeof source.duplicate !== "function") return false;
  if ("getexBuffer" in source) return true;
  throw new SourceError(`${sourceRule} This is a client of another kind.`);
}

/** A fork has the same methods, which its types do not say. */
function asIoredis(client: RedisClient | IoredisFork): RedisClient {
  return client as RedisClient;
}

function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

/** A replica answers reads with what was true some time ago, and refuses writes. */
function refuseReplicas(client: { options: RedisOptions | ClusterOptions }): void {
  if ("role" in client.options && client.options.role === "slave") {
    throw new SourceError('Sessions cannot be kept on a replica (`role: "slave"`).');
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
