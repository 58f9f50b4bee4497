import type { Client, Server } from "memjs";
import type { HandlerOptions } from "sessionwire";
import { type Address, type Credentials, parseAddresses } from "./addresses.ts";

/**
 * The source of a handler's servers:
 *
 * - a list of servers, `"host:port,host:port"`; the default port is 11211,
 * - a URL, as `createSessionHandler` of `sessionwire/url` accepts it:
 *   `"memcached://user:password@host:port,host:port"`; the credentials apply to all servers,
 * - a client of memjs: its servers, their credentials and its choice of a server for each key are adopted; its retries,
 *   failover and time limits are not. The client itself stays untouched, connected or not.
 *
 * @public
 */
export type MemcachedSource = string | URL | MemcachedClient;

/**
 * The parts of a memjs client that the handler adopts.
 *
 * @public
 */
export type MemcachedClient = Pick<Client, "servers" | "getServer">;

/** The parts of memjs that the adapter uses. */
export type Memjs = Pick<typeof import("memjs"), "Server" | "Utils">;

/** The servers, by their position in the list. */
export interface MemcachedServers {
  /** The address of each server, as `"host:port"`. */
  readonly names: readonly string[];
  /** Returns the index of the server that owns a key. */
  indexOf(key: string): number;
  /** Returns a memjs server that has never been used. */
  make(index: number): Server;
  /** The encoder and decoder of requests and replies. */
  readonly codec: Memjs["Utils"];
}

/** Returns the servers that a source names, and the options of the handler, some of which may come from a URL. */
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
    indexOf: (key) => memjs.Utils.hashCode(key) % addresses.length, // as in memjs, so that both choose the same server
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
      if (!server) throw new TypeError("The memjs client has chosen a server that is not in its list.");
      const { host, port, username, password, options } = server;
      return freshServer(memjs, host, port, { username, password }, options);
    },
  };
}

/** An hour, after which memjs would end a connection in its own way; the adapter gives it up long before. */
const never = 3600;

function freshServer(
  memjs: Memjs,
  host: string,
  port: number,
  credentials: Credentials,
  options: Server["options"],
): Server {
  const server = new memjs.Server(host, port, "", "", { ...options, timeout: never, conntimeout: never });
  return Object.assign(server, credentials); // if they are missing, memjs would read them from the environment
}

function isClient(source: unknown): source is MemcachedClient {
  if (typeof source !== "object" || source === null) return false;
  if (!("servers" in source) || !("getServer" in source)) return false;
  return Array.isArray(source.servers) && source.servers.length > 0 && typeof source.getServer === "function";
}
