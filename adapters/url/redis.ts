import type { SessionHandlerOfUrl } from "../url.ts";
import type { StoreAddress } from "./address.ts";
import { loadIoredis } from "./clients.ts";
import { handlerOptions, numberIn } from "./options.ts";

/** What ioredis reads from a URL itself. */
const ofClient = ["db", "family", "connectionName"];

export async function openRedis(address: StoreAddress): Promise<SessionHandlerOfUrl> {
  const { hosts, text } = address;
  if (hosts.length !== 1)
    throw new TypeError("The URL of a Redis server names one host; several are a +sentinel or a +cluster.");
  const options = handlerOptions(address, ofClient);
  const { createHandler, Redis } = await load();
  return createHandler(Redis, withoutOptions(text), options);
}

export async function openSentinel(address: StoreAddress): Promise<SessionHandlerOfUrl> {
  const { scheme, hosts, path, username, password, query } = address;
  if (hosts.length === 0 || path === "") {
    throw new TypeError("The URL of a Sentinel names its hosts and the master: redis+sentinel://host,host/name");
  }
  const options = handlerOptions(address, ["db"]);
  const { createHandler, Redis } = await load();
  const sentinels = hosts.map(({ host, port = 26_379 }) => ({ host, port }));
  const tls = scheme === "rediss+sentinel" ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {};
  const db = numberIn(query, "db") ?? 0;
  return createHandler(Redis, { sentinels, name: path, ...credentials(username, password), db, ...tls }, options);
}

export async function openCluster(address: StoreAddress): Promise<SessionHandlerOfUrl> {
  const { scheme, hosts, path, username, password } = address;
  if (hosts.length === 0 || path !== "") {
    throw new TypeError("The URL of a Cluster names some of its hosts and no database: redis+cluster://host,host");
  }
  const options = handlerOptions(address, []);
  const { createHandler, Redis, Cluster } = await load();
  const nodes = hosts.map(({ host, port = 6379 }) => ({ host, port }));
  const redisOptions = { ...credentials(username, password), ...(scheme === "rediss+cluster" ? { tls: {} } : {}) };
  // The handler makes connections of its own, and this one is never opened.
  return createHandler(Redis, new Cluster(nodes, { lazyConnect: true, redisOptions }), options);
}

async function load() {
  const [handler, client] = await Promise.all([import("../redis/handler.ts"), loadIoredis()]);
  return { ...handler, ...client };
}

function credentials(
  username: string | undefined,
  password: string | undefined,
): { username?: string; password?: string } {
  return { ...(username ? { username } : {}), ...(password === undefined ? {} : { password }) };
}

/** What is left is for the client. */
function withoutOptions(text: string): string {
  const [address = "", query = ""] = text.split("?");
  const left = new URLSearchParams([...new URLSearchParams(query)].filter(([name]) => ofClient.includes(name)));
  return left.size === 0 ? address : `${address}?${left}`;
}
