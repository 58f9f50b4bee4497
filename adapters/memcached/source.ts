import type { Client, Server } from "memjs";
import type { HandlerOptions } from "sessionwire";
import { type Address, type Credentials, parseAddresses } from "./addresses.ts";

/**
 * Where a handler gets its servers from.
 *
 * - a list of servers, `"host:port,host:port"`; the port is 11211 where there is none,
 * - a URL, just as `createSessionHandler` of `sessionwire/url` takes it: `"memcached://user:password@host:port,host:port"`; the
 *   credentials count for all of them,
 * - a client of memjs: its servers, their credentials and its choice of a server for a key are taken over; its retries, its failover
 *   and its time limits are not. The client itself is left alone, connected or not.
 *
 * @public
 */
export type MemcachedSource = string | URL | MemcachedClient;

/**
 * What is taken over from a client of memjs.
 *
 * @public
 */
export type MemcachedClient = Pick<Client, "servers" | "getServer">;

/** What is used of memjs. */
export type Memjs = Pick<typeof import("memjs"), "Server" | "Utils">;

/** The servers, by their places in the list. */
export interface MemcachedServers {
  /** `"host:port"` of each. */
  readonly names: readonly string[];
  /** Which one has a key. */
  indexOf(key: string): number;
  /** A server of memjs that has never been used. */
  make(index: number): Server;
  /** The form of requests and replies. */
  readonly codec: Memjs["Utils"];
}

/** The servers that a source names, and the options of the handler, some of which may stand in a URL. */
export function serversOf<Options extends HandlerOptions>(
  memjs: Memjs,
  source: MemcachedSource,
  given: Options,
): { readonly servers: MemcachedServers; readonly options: Options } {
  if (typeof source === "string" || source instanceof URL) {
    const { addresses, credentials, options } = parseAddresses(String(source), given);
    return { servers: serversAt(memjs, addresses, credentials), options };
  }
  if (isClient(source)) return { servers: serversOfClient(memjs, source), options: given };
  throw new TypeError('A Memcached source is a list of servers ("host:port,host:port") or a client of memjs.');
}

function serversAt(memjs: Memjs, addresses: readonly Address[], credentials: Credentials): MemcachedServers {
  return {
    names: addresses.map(({ name }) => name),
    codec: memjs.Utils,
    indexOf: (key) => memjs.Utils.hashCode(key) % addresses.length, // as memjs does it, so that both find the same
    make(index) {
      const { host, port } = addresses[index] ?? { host: "", port: 0 };
      return freshServer(memjs, host, port, credentials, { keepAlive: true });
    },
  };
}

function serversOfClient(memjs: Memjs, client: MemcachedClient): MemcachedServers {
  const servers = [...client.servers];
  return {
    names: servers.map(({ host, port }) => `${host}:${port}`),
    codec: memjs.Utils,
    indexOf: (key) => (servers.length > 1 ? Number(client.getServer(key)) : 0),
    make(index) {
      const server = servers[index];
      if (!server) throw new TypeError("The memjs client has chosen a server that it has not.");
      const { host, port, username, password, options } = server;
      return freshServer(memjs, host, port, { username, password }, options);
    },
  };
}

/** An hour, after which memjs would end a connection in its own ways; ours is given up long before. */
const never = 3600;

function freshServer(
  memjs: Memjs,
  host: string,
  port: number,
  credentials: Credentials,
  options: Server["options"],
): Server {
  const server = new memjs.Server(host, port, "", "", { ...options, timeout: never, conntimeout: never });
  return Object.assign(server, credentials); // memjs would take them from the environment where there are none
}

function isClient(source: unknown): source is MemcachedClient {
  if (typeof source !== "object" || source === null) return false;
  if (!("servers" in source) || !("getServer" in source)) return false;
  return Array.isArray(source.servers) && source.servers.length > 0 && typeof source.getServer === "function";
}
