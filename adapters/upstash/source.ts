/**
 * The source of a handler's database:
 *
 * - the `url` and `token` of its REST API,
 * - a client of `@upstash/redis`, from any of its entry points and however created: its URL and token are adopted,
 * - a function that returns one of these: it is called once.
 *
 * @remarks
 * The handler sends its requests itself. A client may resend a command whose answer was lost (`retry`, even
 * `retry: false`) or combine several into one request, and its configuration cannot be inspected from outside.
 *
 * @public
 */
export type UpstashSource = UpstashCredentials | UpstashClient | (() => UpstashCredentials | UpstashClient);

/**
 * The address and credentials of a database.
 *
 * @public
 */
export interface UpstashCredentials {
  /** The REST URL, `https://….upstash.io`. It must contain neither a user name nor a password. */
  readonly url: string;
  /** The REST token. A read-only token does not work. */
  readonly token: string;
}

/**
 * A client of `@upstash/redis`, by the members that distinguish it from credentials. None of its methods is called.
 *
 * @public
 */
export interface UpstashClient {
  /** The same as in `@upstash/redis`. */
  eval(...args: never[]): unknown;
  /** The same as in `@upstash/redis`. */
  ping(...args: never[]): unknown;
}

/** Returns the URL and the token of a source, after checking them. */
export function credentialsOf(source: UpstashSource): UpstashCredentials {
  const given: unknown = typeof source === "function" ? source() : source;
  if (typeof given !== "object" || given === null) throw new TypeError(sourceRule);
  const { url, token } = isClient(given) ? ofClient(given) : ofOptions(given);
  checkUrl(url);
  // Messages contain neither the token nor the URL.
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError("The token of Upstash must be a string without spaces.");
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
  throw new TypeError(
    `${sourceRule} "${foreign}" is not an option of a source: the handler sends its requests itself.`,
  );
}

function isClient(given: object): boolean {
  return typeof Reflect.get(given, "eval") === "function" && typeof Reflect.get(given, "ping") === "function";
}

/**
 * Returns the URL and token of a client, from the field in which every version since 1.20 keeps them. A client that
 * wraps another client, or a requester, does not expose them.
 */
function ofClient(given: object): Unchecked {
  const requester: unknown = Reflect.get(given, "client");
  if (typeof requester === "object" && requester !== null && "baseUrl" in requester && "headers" in requester) {
    const { baseUrl: url, headers } = requester;
    const token = /^Bearer (\S+)$/.exec(authorizationIn(headers))?.[1];
    if (token !== undefined && token !== "undefined") return { url, token }; // a client without credentials has this text
  }
  throw new TypeError("This client of Upstash does not expose its URL and token. Pass { url, token } instead.");
}

function authorizationIn(headers: unknown): string {
  if (typeof headers !== "object" || headers === null || !("authorization" in headers)) return "";
  return String(headers.authorization);
}

function checkUrl(url: unknown): asserts url is string {
  if (typeof url !== "string" || !/^https?:\/\/\S+$/.test(url) || !URL.canParse(url)) {
    throw new TypeError("The URL of Upstash's REST API must start with https:// and contain no spaces.");
  }
  const { username, password, search, hash } = new URL(url);
  if (username || password || search || hash) {
    throw new TypeError("The URL of Upstash's REST API must not have a user name, password, query or fragment.");
  }
}
