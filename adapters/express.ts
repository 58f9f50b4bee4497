/**
 * A store for express-session and \@fastify/session.
 *
 * @packageDocumentation
 */

import { expressFormat, type SessionHandler, type SessionManager } from "sessionwire";
import { checkOptionNames, createBasicSessionManager } from "sessionwire/backend";
import type { ExpressAttributes, ExpressStore } from "./express/express-store.ts";
import { ConditionalStore } from "./express/store.ts";

export type { ExpressStoreCallback } from "./express/callbackify.ts";
export type { ExpressAttributes, ExpressSessionLike, ExpressStore, ListedSession } from "./express/express-store.ts";

/**
 * The options of {@link createExpressStore}.
 *
 * @public
 */
export interface ExpressStoreOptions {
  /**
   * The way in which saving a session that has ended meanwhile is reported, for instance after a sign-out in another
   * request. Nothing is stored in either case. With `"ignore"`, the request goes on, and subscribers of the session
   * manager are told. With `"error"`, the callback receives an error with code `gone`; express-session passes it to the
   * error handlers if the response is already under way.
   *
   * @defaultValue `"ignore"`
   */
  readonly onGone?: "ignore" | "error" | undefined;
  /**
   * For a handler: the prefix of the id in the key.
   *
   * @defaultValue `"sess:"`, the same as in connect-redis
   */
  readonly prefix?: string | undefined;
  /**
   * For a handler: the idle time after which a session whose cookie has no maximum age ends; whole seconds. It
   * corresponds to the `ttl` of other stores.
   *
   * @defaultValue 86,400 (a day)
   */
  readonly idleTimeoutSeconds?: number | undefined;
  /**
   * For a handler: the minimum time between two restarts of the time to live, in seconds; the time to live is restarted
   * at least ten times within its length. 0 restarts it with each request.
   *
   * @defaultValue 60
   */
  readonly touchEverySeconds?: number | undefined;
}

/**
 * Creates a store for express-session or \@fastify/session from a session manager in the format of express-session; or
 * from a handler, for an application that needs only the store.
 *
 * @remarks
 * - **No change is lost to another request**: the changes of a request are determined member by member, and are merged
 *   into the data stored at that time. If two requests change the same member, the last save wins.
 * - **Nothing brings an ended session back**: saving a destroyed session stores nothing.
 * - **An unreachable store is an error**, within the deadline of the handler, and never looks like an absent session.
 * - Unchanged sessions are not written. A changed maximum age or flag of the cookie is, even when nothing else has
 *   changed.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createExpressStore<Attributes extends object = Record<string, unknown>>(
  source: SessionManager<Attributes> | SessionHandler,
  options: ExpressStoreOptions = {},
): ExpressStore<string extends keyof Attributes ? ExpressAttributes : Attributes> {
  checkOptionNames("createExpressStore", options, optionNames, {
    ttl: "The option is called idleTimeoutSeconds here.",
  });
  const { onGone = "ignore", ...managerOptions } = options;
  if (onGone !== "ignore" && onGone !== "error") throw new TypeError('onGone must be "ignore" or "error".');
  const store = new ConditionalStore(managerOf(source, managerOptions), onGone);
  return store as ReturnType<typeof createExpressStore<Attributes>>; // `attributes` exists only as a type
}

const optionNames = ["onGone", "prefix", "idleTimeoutSeconds", "touchEverySeconds"];

function managerOf(source: unknown, options: Omit<ExpressStoreOptions, "onGone">): SessionManager {
  if (typeof source !== "object" || source === null || !("destroy" in source)) {
    throw new TypeError(
      "createExpressStore takes a session manager or a handler, such as createRedisHandler(url) returns.",
    );
  }
  if ("open" in source && "update" in source) return checkedManager(source as SessionManager, options); // no handler has these
  const { prefix, ...limits } = options;
  const handler = source as SessionHandler;
  return createBasicSessionManager({ handler, format: expressFormat({ prefix }), ...limits });
}

function checkedManager(sessions: SessionManager, options: object): SessionManager {
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (given) throw new TypeError(`The option "${given[0]}" belongs to the session manager.`);
  const { acceptsForeignIds, acceptsOpaque, name } = sessions.format;
  const why = acceptsForeignIds ? "copies plain data only" : "makes its ids itself";
  if (acceptsForeignIds && !acceptsOpaque) return sessions;
  throw new TypeError(
    `express-session ${why}, which the ${name} format does not allow; create the manager with expressFormat().`,
  );
}
