/** The parts of a store's URL. Unlike a web URL, it may name several hosts. */
export interface StoreUrl {
  /** The scheme, without the colon. */
  readonly scheme: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly hosts: readonly Host[];
  /** The path, without its leading slash. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
}

export interface Host {
  readonly host: string;
  readonly port: number | undefined;
}

const shape = /^([a-z][a-z+]*):(?:\/\/(?:([^@/?#]*)@)?([^@/?#]*))?(\/[^?#@]*)?(?:\?([^#@]*))?$/;

/**
 * Parses a URL, or the path of a socket, which is taken for one of Redis. Messages do not contain it, because it may
 * include a password.
 *
 * @throws `TypeError` or `RangeError` for a text that is not a store URL.
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

/** Returns the URL of a path, which may contain any character, and options after it, as clients of Redis accept it. */
function withScheme(text: string): string {
  if (!/^\/[^/]/.test(text)) return text;
  const [path, query] = splitOnce(text, "?");
  const url = `redis+unix:///${encodeURIComponent(path.slice(1))}`;
  return query === undefined ? url : `${url}?${query}`;
}

function whatIsWrongWith(text: string): string {
  if (/\s/.test(text)) return `A store URL contains no white space, such as a line break at its end. ${encoding}`;
  if (!/^[a-z][a-z+]*:/.test(text)) return "A store URL starts with its scheme, without quotes around it.";
  return `This is not a store URL. ${encoding}`;
}

const encoding = "Special characters in a user name or password must be percent-encoded.";

function splitOnce(text: string, separator: string): [before: string, after: string | undefined] {
  const place = text.indexOf(separator);
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + 1)];
}

/** Parses a host: a name, an IPv4 address or an IPv6 address in brackets, with an optional port. */
function parseHost(text: string): Host {
  const [, bracketed, name, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? name;
  if (host === undefined) {
    throw new TypeError(`A host of a store is a name or an address, with an optional port. ${encoding}`);
  }
  if (port === undefined) return { host, port: undefined };
  if (Number(port) >= 1 && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new RangeError("A port must be a whole number from 1 to 65535.");
}

function parseQuery(query: string): Map<string, string> {
  // Web forms read it as a blank; elsewhere it stands for itself.
  if (query.includes("+")) throw new TypeError('In the options of a URL, write "+" as %2B and a blank as %20.');
  const options = new Map<string, string>();
  for (const option of query.split("&").filter((part) => part !== "")) {
    const [name, value = ""] = splitOnce(option, "=").map((part) => decode(part ?? ""));
    if (name === undefined) continue;
    if (options.has(name)) throw new TypeError(`The option ${quotedOption(name, query)} is in the URL twice.`);
    options.set(name, value);
  }
  return options;
}

/**
 * Returns the name of an option for a message, unless it may be the rest of a password that contains a bare "?", before
 * the "@" of a host.
 */
export function quotedOption(name: string, query: string): string {
  return query.includes("@") ? `of this name (${encoding})` : `"${name}"`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(`Write "%" as %25 in a URL. ${encoding}`);
  }
}
