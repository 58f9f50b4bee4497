import type { ListingSessionHandler, NetworkedSessionHandler, SessionHandler } from "sessionwire";
import { parseAddress, type StoreAddress } from "./url/address.ts";
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
 * - `redis+sentinel://user:password@host:26379,host:26379/name-of-the-master`, with `?db=0`, and `rediss+sentinel://` with TLS to
 *   the sentinels and the master
 * - `redis+cluster://user:password@host:6379,host:6379`, and `rediss+cluster://` with TLS
 * - `memcached://user:password@host:11211,host:11211`
 * - `upstash+https://token@host`, and `upstash+http://` for a server on the way to it
 *
 * @remarks
 * Options of the handler go into the query: `prefix`, `maxBytes` and `timeoutMs` everywhere, `maxSessions` and `maxTotalBytes` for
 * `memory:`, and `db`, `family` and `connectionName` for `redis:`. Special characters in a user name or password are
 * percent-encoded. The handler has no connection check: put `withConnectionCheck` around it.
 *
 * Nothing is connected to before the first operation.
 *
 * @throws (as a rejection) `TypeError` for a scheme, an option or a URL that cannot be used, and when the client is not installed;
 * `RangeError` for a number out of range. No message contains a password.
 *
 * @public
 */
export async function createSessionHandler(url: string | URL): Promise<SessionHandlerOfUrl> {
  const address = parseAddress(url);
  return openerOf(address)(address);
}

function openerOf({ scheme }: StoreAddress): (address: StoreAddress) => Promise<SessionHandlerOfUrl> {
  const open = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (open) return open;
  throw new TypeError(
    `There are no sessions under "${scheme}:"; there are under ${Object.keys(schemes).join(":, ")}:.`,
  );
}
