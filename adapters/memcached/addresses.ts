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

const scheme = "memcached://";
const defaultPort = 11_211;

/** Reads the list of servers of a source. The text stays out of the errors, because it may contain a password. */
export function parseAddresses(text: string): { addresses: readonly Address[]; credentials: Credentials } {
  const rest = text.startsWith(scheme) ? text.slice(scheme.length).replace(/\/$/, "") : text;
  const at = rest.lastIndexOf("@");
  if (at >= 0 && rest === text) throw new TypeError(`Credentials need ${scheme} in front of them.`);
  const addresses = rest
    .slice(at + 1)
    .split(",")
    .map(parseAddress);
  return { addresses, credentials: parseCredentials(at < 0 ? undefined : rest.slice(0, at)) };
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
  return { name: `${bracketed === undefined ? host : `[${host}]`}:${port}`, host, port };
}

function parseCredentials(text: string | undefined): Credentials {
  if (text === undefined) return { username: undefined, password: undefined };
  const [, username, password] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (username === undefined || password === undefined) {
    throw new TypeError("A Memcached URL has both a user and a password, or neither.");
  }
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw new TypeError("Special characters in a user name or password must be percent-encoded.");
  }
}
