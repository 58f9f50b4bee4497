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
   * Moves sessions. With `false`, they stay where they are, new ones are stored in the old store, and sessions moved by
   * other processes are found in the new store. Roll this out first, so that no process looks for a session in the old
   * store alone.
   *
   * @defaultValue `true`
   */
  readonly moves?: boolean | undefined;
  /**
   * The time to live, in whole seconds, of a session moved by a read that gives none, as no handler reports the
   * remaining time. It applies until the next write or touch of the session.
   *
   * @defaultValue 86,400 (one day)
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
 * A handler that has the connection methods if either store has them, and can list ids if both can.
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
 * Moves sessions from one store to another while they are in use: each session once, on its first use. Sessions that
 * are not used expire where they are.
 *
 * @remarks
 * - Roll it out in three steps, each to all processes before the next: `moves: false`; with moving; and, once the
 *   longest time to live has passed, the new handler alone. A step may be reverted; but from the second only to the
 *   first, because sessions have moved by then.
 * - A session is in one store at a time: it is marked in the old store, created in the new one, and removed from the
 *   old one. A process that finds a mark completes the work of a process that has died. A concurrent change in the old
 *   store is refused once, even if nothing else has changed, and repeated on the session in the new store.
 * - Two processes at different steps that concurrently create a session under one id may both succeed.
 * - A session that ends leaves a mark in the new store for a minute, so that a late process does not move it again. To
 *   a program that reads that store in another way, such a session is `corrupt` instead of absent for that minute.
 * - A failure of either store is a failure of the call, and ends no session. Sessions that have moved need the old
 *   store only to end.
 * - A moved session costs as much as one in the new store, except that a touch, a creation and an unconditional destroy
 *   take one more round trip.
 * - Give each store its own connection check, inside: around both, an outage of the old store would block the new one.
 *   Closing it closes both handlers.
 *
 * @throws `RangeError` or `TypeError` for an invalid handler or option.
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
  // The store itself enforces the smaller of the two limits.
  const maxBytes = Math.max(from.maxBytes ?? MAX_BYTES, to.maxBytes ?? MAX_BYTES);
  const handler = createGuardedHandler(migration, { name: "The migration", maxBytes, clock });
  // The assigned methods follow those of the two handlers, which the type expresses but the compiler cannot see.
  return Object.assign(handler, connectionMethods(from, to)) as unknown as Migrated<From, To>;
}

const methods = ["read", "write", "touch", "destroy", "close"];

function connectionMethods(from: SessionHandler, to: SessionHandler): Partial<Connectable> {
  const networked = [from, to].filter((handler) => "ping" in handler && "reconnect" in handler);
  if (networked.length === 0) return {};
  const both = networked as NetworkedSessionHandler[]; // they have its methods
  return {
    ping: async ({ signal } = {}) => void (await Promise.all(both.map((handler) => handler.ping({ signal })))),
    reconnect: async ({ signal } = {}) =>
      void (await Promise.all(both.map((handler) => handler.reconnect({ signal })))),
  };
}
