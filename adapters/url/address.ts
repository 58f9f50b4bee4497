/** What a URL says of a store. Unlike those of the web, it may name several hosts. */
export interface StoreAddress {
  /** Without the colon. */
  readonly scheme: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly hosts: readonly Host[];
  /** Without the slash before it. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** As it was given. */
  readonly text: string;
}

export interface Host {
  readonly host: string;
  readonly port: number | undefined;
}

const shape = /^([a-z][a-z+]*):(?:\/\/(?:([^@/?#]*)@)?([^@/?#]*))?(\/[^?#]*)?(?:\?([^#]*))?$/;

/** The URL stays out of the messages, as it may contain a password. */
export function parseAddress(url: unknown): StoreAddress {
  if (typeof url !== "string" && !(url instanceof URL)) throw new TypeError("createSessionHandler takes a URL.");
  const text = String(url);
  const [, scheme, credentials, hosts = "", path = "", query = ""] = shape.exec(text) ?? [];
  if (scheme === undefined) {
    throw new TypeError(
      "This is no URL of a store. Special characters in a user name or password are percent-encoded.",
    );
  }
  const [username, password] = credentials === undefined ? [] : splitOnce(credentials);
  return {
    scheme,
    username: username && decode(username),
    password: password === undefined ? undefined : decode(password),
    hosts: hosts === "" ? [] : hosts.split(",").map(parseHost),
    path: decode(path.slice(1)),
    query: parseQuery(query),
    text,
  };
}

function splitOnce(credentials: string): [username: string, password: string | undefined] {
  const colon = credentials.indexOf(":");
  return colon < 0 ? [credentials, undefined] : [credentials.slice(0, colon), credentials.slice(colon + 1)];
}

/** A name, an address, or one of IPv6 in brackets; and perhaps a port. */
function parseHost(text: string): Host {
  const [, bracketed, name, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? name;
  if (host === undefined) throw new TypeError("A host of the store is a name or an address, and perhaps a port.");
  if (port === undefined) return { host, port: undefined };
  if (Number(port) >= 1 && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new RangeError("A port is a whole number from 1 to 65535.");
}

function parseQuery(query: string): Map<string, string> {
  const entries = [...new URLSearchParams(query)];
  const names = entries.map(([name]) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new TypeError(`The option "${twice}" stands in the URL twice.`);
  return new Map(entries);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError("The URL of the store is not percent-encoded as it should be.");
  }
}
