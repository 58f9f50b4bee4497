import type { HandlerOptions } from "sessionwire";
import { handlerOptions } from "../store-url/handler-options.ts";
import { parseStoreUrl, type StoreUrl } from "../store-url/store-url.ts";

/** Who we are, if the servers ask. */
export interface Credentials {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Where a server is. */
export interface Address {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** What a text says of servers. */
export interface Addresses<Options> {
  readonly addresses: readonly Address[];
  readonly credentials: Credentials;
  /** The options of the handler, with those that stand in the URL. */
  readonly options: Options;
}

const defaultPort = 11_211;

/** Reads a list of servers, or their URL. The text stays out of the errors, because it may contain a password. */
export function parseAddresses<Options extends HandlerOptions>(text: string, given: Options): Addresses<Options> {
  if (text.startsWith("memcached:")) return addressesOf(parseStoreUrl(text), given);
  if (text.includes("@")) throw new TypeError("Credentials need memcached:// in front of them.");
  const nobody = { username: undefined, password: undefined };
  return { addresses: text.split(",").map(parseAddress), credentials: nobody, options: given };
}

function addressesOf<Options extends HandlerOptions>(url: StoreUrl, given: Options): Addresses<Options> {
  const { hosts, path, username, password } = url;
  if (hosts.length === 0 || path !== "") {
    throw new TypeError("The URL of Memcached names its servers, and no path: memcached://host,host");
  }
  if (!username !== !password) throw new TypeError("A Memcached URL has both a user and a password, or neither.");
  return {
    addresses: hosts.map(({ host, port = defaultPort }) => addressOf(host, port)),
    credentials: { username: username || undefined, password: password || undefined },
    options: handlerOptions(url, given, []),
  };
}

function parseAddress(text: string): Address {
  const [, bracketed, plain, digits] =
    /^\s*(?:\[([\da-fA-F:.]+)\]|([^\s:@/?#[\]]+))(?::(\d{1,5}))?\s*$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) {
    throw new TypeError("A Memcached source is a list of servers: host:port,host:port.");
  }
  const port = digits === undefined ? defaultPort : Number(digits);
  if (port < 1 || port > 65_535) throw new RangeError("The port of a Memcached server is from 1 to 65535.");
  return addressOf(host, port);
}

function addressOf(host: string, port: number): Address {
  return { name: `${host.includes(":") ? `[${host}]` : host}:${port}`, host, port };
}
