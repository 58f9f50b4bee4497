import type { RedisOptions } from "ioredis";
import type { HandlerOptions } from "sessionwire";
import { handlerOptions, numberIn } from "../store-url/handler-options.ts";
import { parseStoreUrl, type StoreUrl } from "../store-url/store-url.ts";
import type { ClusterPlace } from "./cluster-place.ts";

/** The target of a URL, and the options of the handler, including those in the URL. */
export interface RedisUrl<Options> {
  readonly place: RedisOptions | ClusterPlace;
  readonly options: Options;
}

/** Reads the URL of a server, of sentinels or of a Cluster, or the path of a socket. */
export function readRedisUrl<Options extends HandlerOptions>(text: string, given: Options): RedisUrl<Options> {
  const url = parseStoreUrl(text);
  const read = Object.hasOwn(schemes, url.scheme) ? schemes[url.scheme] : undefined;
  if (!read) {
    const others = url.scheme.startsWith("valkey") ? " Valkey is reached with redis:." : "";
    throw new TypeError(`The URL of a Redis server begins with ${Object.keys(schemes).join("://, ")}://.${others}`);
  }
  return { place: read.place(url), options: handlerOptions(url, given, read.options) };
}

interface Scheme {
  readonly options: readonly string[];
  place(url: StoreUrl): RedisOptions | ClusterPlace;
}

const ofConnection = ["family", "keyPrefix", "connectionName"] as const;
const server: Scheme = { options: ["db", ...ofConnection], place: serverAt };
const sentinel: Scheme = {
  options: ["db", ...ofConnection, "sentinelUsername", "sentinelPassword"],
  place: masterBehindSentinels,
};
const cluster: Scheme = { options: ofConnection, place: clusterAt };

const schemes: { readonly [scheme: string]: Scheme } = {
  redis: server,
  rediss: server,
  "redis+unix": { options: ["db", "keyPrefix", "connectionName"], place: serverAtSocket },
  "redis+sentinel": sentinel,
  "rediss+sentinel": sentinel,
  "redis+cluster": cluster,
  "rediss+cluster": cluster,
};

function serverAt(url: StoreUrl): RedisOptions {
  const [first, ...more] = url.hosts;
  if (!first) {
    throw new TypeError(
      "The URL of a Redis server must name its host; that of a socket is redis+unix:///path/of/the/socket.",
    );
  }
  if (more.length > 0) {
    throw new TypeError(
      "The URL of a Redis server names one host; for several, use redis+sentinel: or redis+cluster:.",
    );
  }
  if (!/^\d*$/.test(url.path)) throw new RangeError("The database in a Redis URL must be a whole number.");
  if (url.path !== "" && url.query.has("db")) throw new TypeError("The URL contains the database twice.");
  const db = url.path === "" ? databaseIn(url) : Number(url.path);
  return { ...optionsIn(url), host: first.host, port: first.port ?? 6379, db };
}

function serverAtSocket(url: StoreUrl): RedisOptions {
  if (url.hosts.length > 0 || url.path === "") {
    throw new TypeError("The URL of a socket has its path after three slashes: redis+unix:///path/of/the/socket.");
  }
  return { ...optionsIn(url), path: `/${url.path}`, db: databaseIn(url) };
}

function masterBehindSentinels(url: StoreUrl): RedisOptions {
  const { hosts, path, query } = url;
  if (hosts.length === 0 || path === "") {
    throw new TypeError("The URL of a Sentinel names its hosts and the master: redis+sentinel://host,host/name");
  }
  const sentinelUsername = query.get("sentinelUsername");
  const sentinelPassword = query.get("sentinelPassword");
  return {
    ...optionsIn(url),
    ...(url.scheme === "rediss+sentinel" && { sentinelTLS: {}, enableTLSForSentinelMode: true }),
    ...(sentinelUsername !== undefined && { sentinelUsername }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    sentinels: hosts.map(({ host, port = 26_379 }) => ({ host, port })),
    name: path,
    db: databaseIn(url),
  };
}

function clusterAt(url: StoreUrl): ClusterPlace {
  const { hosts, path } = url;
  if (hosts.length === 0 || path !== "") {
    throw new TypeError("The URL of a Cluster names some of its hosts and no database: redis+cluster://host,host");
  }
  const { keyPrefix = "", ...redisOptions } = optionsIn(url);
  return { startupNodes: hosts.map(({ host, port = 6379 }) => ({ host, port })), redisOptions, keyPrefix };
}

/** Reads the connection options that every kind of URL may have. */
function optionsIn({ scheme, username, password, query }: StoreUrl): RedisOptions {
  const keyPrefix = query.get("keyPrefix");
  const connectionName = query.get("connectionName");
  const family = query.get("family");
  if (family !== undefined && !/^[046]$/.test(family)) throw new RangeError("family must be 0, 4 or 6.");
  return {
    ...(username && { username }),
    ...(password !== undefined && { password }),
    ...(scheme.startsWith("rediss") && { tls: {} }),
    ...(keyPrefix !== undefined && { keyPrefix }),
    ...(connectionName !== undefined && { connectionName }),
    ...(family !== undefined && { family: Number(family) }),
  };
}

function databaseIn({ query }: StoreUrl): number {
  return numberIn(query, "db") ?? 0;
}
