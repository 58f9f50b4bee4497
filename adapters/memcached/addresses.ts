import type { HandlerOptions } from "sessionwire";
import { handlerOptions } from "../store-url/handler-options.ts";
import { parseStoreUrl, type StoreUrl } from "../store-url/store-url.ts";

/** The credentials, if the servers require authentication. */
export interface Credentials {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** The address of a server. */
export interface Address {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** The servers and credentials that a source text names. */
export interface Addresses<Options> {
  readonly addresses: readonly Address[];
  readonly credentials: Credentials;
  /** The options of the handler, merged with those in the URL. */
  readonly options: Options;
}

const defaultPort = 11_211;

/** Reads a list of servers, or their URL. Errors never contain the text, because it may include a password. */
export function parseAddresses<Options extends HandlerOptions>(text: string, given: Options): Addresses<Options> {
  if (text.startsWith("memcached:")) return addressesOf(parseStoreUrl(text), given);
  if (text.includes("@")) throw new TypeError("Credentials are accepted only in a memcached:// URL.");
  const nobody = { username: undefined, password: undefined };
  return { addresses: text.split(",").map(parseAddress), credentials: nobody, options: given };
}

function addressesOf<Options extends HandlerOptions>(url: StoreUrl, given: Options): Addresses<Options> {
  const { hosts, path, username, password } = url;
  if (hosts.length === 0 || path !== "") {
    throw new TypeError("A Memcached URL names servers and no path: memcached://host,host");
  }
  if (!username !== !password)
    throw new TypeError("A Memcached URL has either both a user and a password, or neither.");
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
  if (port < 1 || port > 65_535) throw new RangeError("The port of a Memcached server must be from 1 to 65535.");
  return addressOf(host, port);
}

function addressOf(host: string, port: number): Address {
  return { name: `${host.includes(":") ? `[${host}]` : host}:${port}`, host, port };
}
