/**
 * Where a handler gets its client from.
 *
 * - the `url` and `token` of a database's REST API,
 * - a function that makes a client of `@upstash/redis`, or of `@upstash/redis/cloudflare`: it is called once, with the options that
 *   keep the client from sending anything twice and let it give a request up. They have to be passed on, and not be replaced:
 *   `(options) => new Redis({ ...options, url, token })`, or `(options) => Redis.fromEnv(options)`.
 *
 * @public
 */
export type UpstashSource = UpstashCredentials | ((options: UpstashClientOptions) => UpstashClient);

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
 * What the handler needs of a client of `@upstash/redis`.
 *
 * @public
 */
export interface UpstashClient {
  /** As with `@upstash/redis`. */
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  /** As with `@upstash/redis`. */
  ping(): Promise<unknown>;
}

/**
 * What a client for the handler is made with.
 *
 * @public
 */
export interface UpstashClientOptions {
  /** A request whose answer was lost may have been executed, so it must not be sent again. */
  readonly retry: { readonly retries: 0 };
  /**
   * Asked by the client for each request, when it is sent. As a function, because requests under a plain signal resolve to `null`
   * when it is aborted, which says "there is none".
   */
  readonly signal: () => AbortSignal;
  /** Texts must stay texts. */
  readonly automaticDeserialization: false;
  /** Each operation is a request of its own, which can be given up. */
  readonly enableAutoPipelining: false;
  /** Tells Upstash nothing that it need not know. */
  readonly enableTelemetry: false;
  /** Each request sees what the ones before it have written, whichever replica answers. */
  readonly readYourWrites: true;
}

const safeOptions = {
  retry: { retries: 0 },
  automaticDeserialization: false,
  enableAutoPipelining: false,
  enableTelemetry: false,
  readYourWrites: true,
} as const;

/** Makes a client of `@upstash/redis`. */
export type MakeClient = (options: UpstashClientOptions & UpstashCredentials) => UpstashClient;

/** The handler's own client. */
export function clientOf(makeClient: MakeClient, source: UpstashSource, signal: () => AbortSignal): UpstashClient {
  const options: UpstashClientOptions = { ...safeOptions, signal };
  if (typeof source === "function") {
    const client = source(options);
    if (isClient(client)) return client;
    throw new TypeError("The function that makes the Upstash client has not returned a client of @upstash/redis.");
  }
  const { url, token } = checkCredentials(source);
  return makeClient({ ...options, url, token });
}

function checkCredentials(source: UpstashCredentials): UpstashCredentials {
  if (typeof source !== "object" || source === null) throw new TypeError(sourceRule);
  if (isClient(source)) {
    throw new TypeError(
      `${sourceRule} A client that exists cannot be used: it may send a write twice, and its requests cannot be given up one by one.`,
    );
  }
  const foreign = Object.keys(source).find((name) => name !== "url" && name !== "token");
  if (foreign !== undefined) {
    throw new TypeError(
      `${sourceRule} "${foreign}" is neither; options of the client are for such a function to give.`,
    );
  }
  const { url, token } = source;
  checkUrl(url);
  // The text stays out of the messages, as does that of the URL.
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError("The token of Upstash must be a text without spaces.");
  }
  return { url, token };
}

const sourceRule = "An Upstash source is { url, token }, or a function that makes a client.";

function checkUrl(url: unknown): void {
  if (typeof url !== "string" || !/^https?:\/\/\S+$/.test(url) || !URL.canParse(url)) {
    throw new TypeError("The URL of Upstash's REST API begins with https:// and has no spaces.");
  }
  const { username, password, search, hash } = new URL(url);
  if (username || password || search || hash) {
    throw new TypeError("The URL of Upstash's REST API has no user name, password, query or fragment.");
  }
}

function isClient(value: object): value is UpstashClient {
  return "eval" in value && typeof value.eval === "function" && "ping" in value && typeof value.ping === "function";
}
