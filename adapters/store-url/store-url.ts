/** A store's URL, taken apart. Unlike a URL of the web, it may name several hosts. */
export interface StoreUrl {
  /** Without the colon. */
  readonly scheme: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly hosts: readonly Host[];
  /** Without the slash before it. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
}

export interface Host {
  readonly host: string;
  readonly port: number | undefined;
}

const shape = /^([a-z][a-z+]*):(?:\/\/(?:([^@/?#]*)@)?([^@/?#]*))?(\/[^?#@]*)?(?:\?([^#@]*))?$/;

/**
 * Takes a URL apart, or the path of a socket, which is one of Redis. It stays out of the messages, as it may contain a password.
 *
 * @throws `TypeError` or `RangeError` for what is not written as a URL of a store.
 */
export function parseStoreUrl(url: string | URL): StoreUrl {
  const text = withScheme(String(url));
  const [, scheme, credentials, hosts = "", path = "", query = ""] = shape.exec(text) ?? [];
  const list = hosts.split(/ *, */);
  const hasBlanks = /\s/.test([credentials, ...list, path, query].join());
  if (scheme === undefined || hasBlanks) throw new TypeError(whatIsWrongWith(text));
  const [username, password] = credentials === undefined ? [] : splitOnce(credentials, ":");
  return {
    scheme,
    username: username && decode(username),
    password: password === undefined ? undefined : decode(password),
    hosts: hosts === "" ? [] : list.map(parseHost),
    path: decode(path.slice(1)),
    query: parseQuery(query),
  };
}

/** A path may have any character, and options behind it, as clients of Redis take it. */
function withScheme(text: string): string {
  if (!/^\/[^/]/.test(text)) return text;
  const [path, query] = splitOnce(text, "?");
  const url = `redis+unix:///${encodeURIComponent(path.slice(1))}`;
  return query === undefined ? url : `${url}?${query}`;
}

function whatIsWrongWith(text: string): string {
  if (/\s/.test(text)) return `A URL of a store has no white space, such as a line break at its end. ${encoding}`;
  if (!/^[a-z][a-z+]*:/.test(text)) return "A URL of a store begins with its scheme, without quotes around it.";
  return `This is not a URL of a store. ${encoding}`;
}

const encoding = "Special characters in a user name or password must be percent-encoded.";

function splitOnce(text: string, separator: string): [before: string, after: string | undefined] {
  const place = text.indexOf(separator);
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + 1)];
}

/** A name, an address, or one of IPv6 in brackets; and perhaps a port. */
function parseHost(text: string): Host {
  const [, bracketed, name, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? name;
  if (host === undefined) {
    throw new TypeError(`A host of the store is a name or an address, and perhaps a port. ${encoding}`);
  }
  if (port === undefined) return { host, port: undefined };
  if (Number(port) >= 1 && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new RangeError("A port is a whole number from 1 to 65535.");
}

function parseQuery(query: string): Map<string, string> {
  // In forms of the web it is a blank, and elsewhere itself.
  if (query.includes("+")) throw new TypeError('In the options of a URL, a "+" is written %2B and a blank %20.');
  const options = new Map<string, string>();
  for (const option of query.split("&").filter((part) => part !== "")) {
    const [name, value = ""] = splitOnce(option, "=").map((part) => decode(part ?? ""));
    if (name === undefined) continue;
    if (options.has(name)) throw new TypeError(`The option ${quotedOption(name, query)} stands in the URL twice.`);
    options.set(name, value);
  }
  return options;
}

/** The name of an option for a message; but not what may be the rest of a password with a bare "?" in it, before the "@" of a host. */
export function quotedOption(name: string, query: string): string {
  return query.includes("@") ? `of this name (${encoding})` : `"${name}"`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(`A "%" in a URL must be percent-encoded as %25. ${encoding}`);
  }
}
