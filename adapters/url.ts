import type { ListingSessionHandler, NetworkedSessionHandler, SessionHandler } from "sessionwire";
import { parseStoreUrl } from "./store-url/store-url.ts";
import { schemes } from "./url/schemes.ts";

/**
 * A handler of which only the URL tells whether it has a connection and can list its ids.
 *
 * @public
 */
export type SessionHandlerOfUrl = SessionHandler &
  Partial<Omit<NetworkedSessionHandler, keyof SessionHandler>> &
  Partial<Omit<ListingSessionHandler, keyof SessionHandler>>;

/**
 * Makes the handler that a URL names, from a setting for instance. Loads the adapter that it needs, and no other.
 *
 * - `memory:`
 * - `redis://user:password@host:6379/0`, and `rediss://` with TLS
 * - `redis+unix://user:password@/path/of/the/socket?db=0`, or the path alone
 * - `redis+sentinel://user:password@host:26379,host:26379/name-of-the-master`, with `?db=0`, and `rediss+sentinel://` with TLS to
 *   the sentinels and the master; sentinels that have credentials of their own get `sentinelUsername` and `sentinelPassword`
 * - `redis+cluster://user:password@host:6379,host:6379`, and `rediss+cluster://` with TLS
 * - `memcached://user:password@host:11211,host:11211`
 * - `upstash+https://token@host`, and `upstash+http://` for a server on the way to it
 *
 * @remarks
 * Options of the handler go into the query: `prefix`, `maxBytes` and `timeoutMs` everywhere, `maxSessions` and `maxTotalBytes` for
 * `memory:`, and `db` (not on a Cluster), `family`, `keyPrefix` and `connectionName` for Redis. Special characters in a user name,
 * a password or an option are percent-encoded. The handler has no connection check: put `withConnectionCheck` around it.
 *
 * `createRedisHandler` and `createMemcachedHandler` take the same URLs.
 *
 * Nothing is connected to before the first operation.
 *
 * @throws (as a rejection) `TypeError` for a scheme, an option or a URL that cannot be used, and when the client is not installed;
 * `RangeError` for a number out of range. No message contains a password.
 *
 * @public
 */
export async function createSessionHandler(url: string | URL): Promise<SessionHandlerOfUrl> {
  if (typeof url !== "string" && !(url instanceof URL)) throw new TypeError("createSessionHandler takes a URL.");
  const text = String(url);
  const { scheme } = parseStoreUrl(text);
  const open = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (open) return open(text);
  const valkey = scheme.startsWith("valkey") ? " Valkey is reached by redis:." : "";
  throw new TypeError(
    `There are no sessions under "${scheme}:"; there are under ${Object.keys(schemes).join(":, ")}:.${valkey}`,
  );
}
