/**
 * Makes the handler that a URL names, and loads only the adapter for it.
 *
 * @packageDocumentation
 */

import { parseStoreUrl } from "./store-url/store-url.ts";
import type { SessionHandlerOfUrl } from "./url/handler-of-url.ts";
import { schemes } from "./url/schemes.ts";

export type { SessionHandlerOfUrl } from "./url/handler-of-url.ts";

/**
 * Creates the handler that a URL names, for example from a setting. Loads only the adapter that it needs.
 *
 * - `memory:`
 * - `redis://user:password@host:6379/0`, and `rediss://` with TLS
 * - `redis+unix://user:password@/path/of/the/socket?db=0`, or only the path
 * - `redis+sentinel://user:password@host:26379,host:26379/name-of-the-master`, with `?db=0`, and `rediss+sentinel://`
 *   with TLS to the sentinels and the master; for sentinels with their own credentials, add `sentinelUsername` and
 *   `sentinelPassword`
 * - `redis+cluster://user:password@host:6379,host:6379`, and `rediss+cluster://` with TLS
 * - `memcached://user:password@host:11211,host:11211`
 * - `upstash+https://token@host`, and `upstash+http://` for a proxy in front of it
 *
 * @remarks
 * Options of the handler are written into the query: `prefix`, `maxBytes` and `timeoutMs` everywhere, `maxSessions` and
 * `maxTotalBytes` for `memory:`, and `db` (not on a Cluster), `family`, `keyPrefix` and `connectionName` for Redis.
 * Special characters in a user name, a password or an option must be percent-encoded. The handler has no connection
 * check: wrap it in `withConnectionCheck`.
 *
 * `createRedisHandler` and `createMemcachedHandler` accept the same URLs.
 *
 * No connection is opened before the first operation.
 *
 * @throws (as a rejection) `TypeError` for a scheme, an option or a URL that cannot be used, and if the client is not
 * installed; `RangeError` for a number out of range. No message contains a password.
 *
 * @public
 */
export async function createSessionHandler(url: string | URL): Promise<SessionHandlerOfUrl> {
  if (typeof url !== "string" && !(url instanceof URL)) throw new TypeError("createSessionHandler takes a URL.");
  const text = String(url);
  const { scheme } = parseStoreUrl(text);
  const open = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (open) return open(text);
  const valkey = scheme.startsWith("valkey") ? " Valkey is reached with redis:." : "";
  throw new TypeError(
    `There is no store for "${scheme}:"; the schemes are ${Object.keys(schemes).join(":, ")}:.${valkey}`,
  );
}
