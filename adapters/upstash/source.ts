/**
 * Where a handler gets its database from.
 *
 * - the `url` and `token` of its REST API,
 * - a client of `@upstash/redis`, of whichever entry and made in whichever way: its URL and token are taken over,
 * - a function that returns one of these: it is called once.
 *
 * @remarks
 * The handler sends its requests itself. A client may send a command again whose answer was lost (`retry`, also `retry: false`) or
 * put several into one request, and nobody can see from outside what it was made with or has become since.
 *
 * @public
 */
export type UpstashSource = UpstashCredentials | UpstashClient | (() => UpstashCredentials | UpstashClient);

/**
 * How a database is reached.
 *
 * @public
 */
export interface UpstashCredentials {
  /** The REST URL, `https://….upstash.io`. It must contain neither a user name nor a password. */
  readonly url: string;
  /** The REST token. A read-only one is of no use. */
  readonly token: string;
}

/**
 * A client of `@upstash/redis`, by what tells it from credentials. None of its methods is called.
 *
 * @public
 */
export interface UpstashClient {
  /** As with `@upstash/redis`. */
  eval(...args: never[]): unknown;
  /** As with `@upstash/redis`. */
  ping(...args: never[]): unknown;
}

/** The URL and the token that a source stands for, checked. */
export function credentialsOf(source: UpstashSource): UpstashCredentials {
  const given: unknown = typeof source === "function" ? source() : source;
  if (typeof given !== "object" || given === null) throw new TypeError(sourceRule);
  const { url, token } = isClient(given) ? ofClient(given) : ofOptions(given);
  checkUrl(url);
  // The text stays out of the messages, as does that of the URL.
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError("The token of Upstash must be a text without spaces.");
  }
  return { url, token };
}

const sourceRule =
  "An Upstash source is { url, token }, a client of @upstash/redis, or a function that returns one of these.";

interface Unchecked {
  readonly url?: unknown;
  readonly token?: unknown;
}

function ofOptions(given: object): Unchecked {
  const foreign = Object.keys(given).find((name) => name !== "url" && name !== "token");
  if (foreign === undefined) return given;
  throw new TypeError(`${sourceRule} "${foreign}" is no option of a source: the handler sends its requests itself.`);
}

function isClient(given: object): boolean {
  return typeof Reflect.get(given, "eval") === "function" && typeof Reflect.get(given, "ping") === "function";
}

/** What every version since 1.20 keeps its credentials in. A client around another one, or around a requester, shows none. */
function ofClient(given: object): Unchecked {
  const requester: unknown = Reflect.get(given, "client");
  if (typeof requester === "object" && requester !== null && "baseUrl" in requester && "headers" in requester) {
    const { baseUrl: url, headers } = requester;
    const token = /^Bearer (\S+)$/.exec(authorizationIn(headers))?.[1];
    if (token !== undefined && token !== "undefined") return { url, token }; // that is how a missing one reads
  }
  throw new TypeError("This client of Upstash does not show its URL and token. Give { url, token } instead.");
}

function authorizationIn(headers: unknown): string {
  if (typeof headers !== "object" || headers === null || !("authorization" in headers)) return "";
  return String(headers.authorization);
}

function checkUrl(url: unknown): asserts url is string {
  if (typeof url !== "string" || !/^https?:\/\/\S+$/.test(url) || !URL.canParse(url)) {
    throw new TypeError("The URL of Upstash's REST API begins with https:// and has no spaces.");
  }
  const { username, password, search, hash } = new URL(url);
  if (username || password || search || hash) {
    throw new TypeError("The URL of Upstash's REST API has no user name, password, query or fragment.");
  }
}
