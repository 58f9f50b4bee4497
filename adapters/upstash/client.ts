import { Redis } from "@upstash/redis";

/**
 * Where a database is, and the token that opens it.
 *
 * @public
 */
export interface UpstashAddress {
  /** `https://….upstash.io`: the REST URL. */
  readonly url: string;
  /** The REST token. */
  readonly token: string;
}

/**
 * The options that a client must be made with: with others it tries again what has been executed, takes an aborted request for a session
 * that is not there, or makes numbers out of text.
 *
 * @public
 */
export interface UpstashClientOptions {
  /** No second attempt. */
  readonly retry: { readonly retries: 0 };
  /** Ends each request with its call. As a plain signal, it would answer what was aborted with `null`. */
  readonly signal: () => AbortSignal;
  /** No guessing of types. */
  readonly automaticDeserialization: false;
  /** One request for each operation. */
  readonly enableAutoPipelining: false;
  /** Nothing about the machine in the headers. */
  readonly enableTelemetry: false;
  /** Replicas are asked for what was written before. */
  readonly readYourWrites: true;
}

/**
 * A database: its address; or a function that makes a client with the options given, and more of its own:
 * `(options) => new Redis({ ...options, url, token, cache: "default" })`.
 *
 * @public
 */
export type UpstashSource = UpstashAddress | ((options: UpstashClientOptions) => Redis);

/** A client of which each request ends with a signal of its own. */
export function createClient(source: UpstashSource, timeoutMs: number) {
  let next: AbortSignal | undefined;
  const client = make(source, {
    retry: { retries: 0 },
    // Asked for while a command is being started. Should that ever change, a request still ends.
    signal: () => next ?? AbortSignal.timeout(timeoutMs),
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
    readYourWrites: true,
  });
  return {
    send<T>(signal: AbortSignal, command: (client: Redis) => Promise<T>): Promise<T> {
      next = signal;
      try {
        return command(client);
      } finally {
        next = undefined;
      }
    },
  };
}

/** The address stays out of the messages, as it may contain a password. */
function make(source: UpstashSource, options: UpstashClientOptions): Redis {
  const client = typeof source === "function" ? source(options) : connectTo(source, options);
  if (typeof client?.eval === "function" && typeof client.ping === "function") return client;
  throw new TypeError("The function must give a client of @upstash/redis.");
}

function connectTo(source: UpstashAddress, options: UpstashClientOptions): Redis {
  const { url, token } = isObject(source) ? source : {};
  if (typeof (source as unknown as Redis)?.eval === "function") {
    throw new TypeError(
      "A client of Upstash cannot be used as it is: give { url, token }, or a function that makes one.",
    );
  }
  if (typeof url !== "string" || !isHttp(url))
    throw new TypeError("`url` must be the REST URL of a database, https://….");
  if (typeof token !== "string" || !/^[!-~]+$/.test(token))
    throw new TypeError("`token` must be the REST token of a database.");
  return new Redis({ ...options, url, token });
}

function isObject(value: unknown): value is Partial<UpstashAddress> {
  return typeof value === "object" && value !== null;
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && url === url.trim();
}
