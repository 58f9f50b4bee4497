import { checkCount, checkMethods, checkOptionNames, MAX_BYTES, MAX_TTL_SECONDS } from "../backend/checks.ts";
import { createGuardedHandler } from "../backend/guarded-handler.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { ListingSessionHandler, NetworkedSessionHandler, SessionHandler } from "../handler.ts";
import type { ConnectionMethod, ListingMethod } from "./decorate.ts";
import { listBoth } from "./migration/list-both.ts";
import { Migration } from "./migration/migration.ts";

/**
 * The options of {@link withMigration}.
 *
 * @public
 */
export interface MigrationOptions {
  /**
   * Whether sessions are moved. `false`: they stay where they are, new ones are kept in the old store, and those that others have moved
   * are found where they are. To be rolled out first, so that no process looks for a session in the old store alone.
   *
   * @defaultValue `true`
   */
  readonly moves?: boolean | undefined;
  /**
   * The time to live that a session gets when it is moved by a read that does not say, in whole seconds: no handler tells how much is
   * left. It counts until the session is written or touched the next time.
   *
   * @defaultValue 86,400 (a day)
   */
  readonly ttlSeconds?: number | undefined;
  /**
   * The source of the time.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * A handler that has the connection methods if one of the two has them, and can list ids if both can.
 *
 * @public
 */
export type Migrated<From extends SessionHandler, To extends SessionHandler> = SessionHandler &
  (From extends Connectable ? Connectable : unknown) &
  (To extends Connectable ? Connectable : unknown) &
  ([From, To] extends [Listable, Listable] ? Listable : unknown);

type Connectable = Pick<NetworkedSessionHandler, Exclude<ConnectionMethod, "connectionOf">>;
type Listable = Pick<ListingSessionHandler, ListingMethod>;

/**
 * Moves sessions from one store to another while they are in use: each when it is used for the first time, for good. What is used
 * by nobody expires where it is.
 *
 * @remarks
 * - Roll it out in three steps, each to all processes before the next: `moves: false`; with moving; and, when the longest time to
 *   live has passed, the new handler alone. A step may be taken back; but from the second one to the first only, as sessions have
 *   moved by then.
 * - A session is in one store at a time: it is marked in the old one, created in the new one, and removed from the old one. Whoever finds
 *   a mark goes on with the work of a process that has died. A change that was under way in the old store meanwhile is refused once, even
 *   if nothing else has changed, and made again on what is in the new one.
 * - Two processes of different steps that create a session under one id at the same time may both succeed.
 * - A session that ends leaves a mark in the new store for a minute, so that nobody who is late moves it once more. To a program that
 *   reads that store in another way, a session that ended so is `corrupt`, instead of absent, for that minute.
 * - A failure of either store is a failure of the call, and ends no session. Sessions that have moved need the old store no more but
 *   to end.
 * - A session that has been moved costs what it costs in the new store; but a touch, creation or unconditional destroy one round trip more.
 * - Give each of the two a connection check of its own, inside: around both, an outage of the old store would keep everybody from the
 *   new one. Both are closed with it.
 *
 * @throws `RangeError` or `TypeError` for a handler or an option that cannot be used.
 *
 * @public
 */
export function withMigration<From extends SessionHandler, To extends SessionHandler>(
  from: From,
  to: To,
  options: MigrationOptions = {},
): Migrated<From, To> {
  const { moves = true, ttlSeconds = 86_400, clock = systemClock } = options;
  checkOptionNames("withMigration", options, ["moves", "ttlSeconds", "clock"]);
  checkMethods("The old handler", from, methods);
  checkMethods("The new handler", to, methods);
  if ((from as SessionHandler) === to) throw new TypeError("The two handlers must be different ones.");
  if (typeof moves !== "boolean") throw new TypeError("moves must be a boolean.");
  checkCount("ttlSeconds", ttlSeconds, 1, MAX_TTL_SECONDS);
  const migration = Object.assign(new Migration({ from, to, moves, ttlSeconds, clock }), listBoth(from, to));
  // The smaller of the two limits is for the store itself to keep.
  const maxBytes = Math.max(from.maxBytes ?? MAX_BYTES, to.maxBytes ?? MAX_BYTES);
  const handler = createGuardedHandler(migration, { name: "The migration", maxBytes, clock });
  // What is assigned follows what the two have, which the type says but the compiler cannot see.
  return Object.assign(handler, connectionMethods(from, to)) as unknown as Migrated<From, To>;
}

const methods = ["read", "write", "touch", "destroy", "close"];

function connectionMethods(from: SessionHandler, to: SessionHandler): Partial<Connectable> {
  const networked = [from, to].filter((handler) => "ping" in handler && "reconnect" in handler);
  if (networked.length === 0) return {};
  const both = networked as NetworkedSessionHandler[]; // by their methods
  return {
    ping: async ({ signal } = {}) => void (await Promise.all(both.map((handler) => handler.ping({ signal })))),
    reconnect: async ({ signal } = {}) =>
      void (await Promise.all(both.map((handler) => handler.reconnect({ signal })))),
  };
}
