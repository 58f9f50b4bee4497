import { createSessionManager, expressFormat, type SessionHandler, type SessionManager } from "sessionwire";
import { checkOptionNames } from "sessionwire/backend";
import { ConditionalStore, type ExpressAttributes, type ExpressStore } from "./express/store.ts";

export type { ExpressStoreCallback } from "./express/callbackify.ts";
export type { ExpressAttributes, ExpressSessionLike, ExpressStore, ListedSession } from "./express/store.ts";

/**
 * The options of {@link createExpressStore}.
 *
 * @public
 */
export interface ExpressStoreOptions {
  /**
   * What becomes of saving a session that has ended meanwhile, by a sign-out in another request for instance. Nothing is stored
   * in either case. `"ignore"`: the request goes on, and subscribers of the session manager hear of it. `"error"`: the callback
   * gets the error with code `gone`; express-session hands it to the error handlers when the response is under way already.
   *
   * @defaultValue `"ignore"`
   */
  readonly onGone?: "ignore" | "error" | undefined;
  /**
   * For a handler: what stands before the id in the key.
   *
   * @defaultValue `"sess:"`, as connect-redis has it
   */
  readonly prefix?: string | undefined;
  /**
   * For a handler: ends a session whose cookie has no maximal age when it has not been used for so long; whole seconds. The
   * `ttl` of other stores.
   *
   * @defaultValue 86,400 (a day)
   */
  readonly idleTimeoutSeconds?: number | undefined;
  /**
   * For a handler: restarts the time to live at most so often, and at least ten times within it; seconds. 0: with each request.
   *
   * @defaultValue 60
   */
  readonly touchEverySeconds?: number | undefined;
}

/**
 * Makes a store for express-session, or for \@fastify/session, of a session manager in the format of express-session; or, for
 * an application that needs nothing but the store, of a handler.
 *
 * @remarks
 * - **No change is lost to another request**: what a request has changed is found out member by member, and goes into what is
 *   stored by then. Of one member, the last that is saved stays.
 * - **Nothing brings an ended session back**: saving one that has been destroyed stores nothing.
 * - **A store that cannot be reached is an error**, within the deadline of the handler, and never a session that seems absent.
 * - What is unchanged is not written. A changed maximal age or flag of the cookie is, also when nothing else has changed.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createExpressStore<Attributes extends object = Record<string, unknown>>(
  source: SessionManager<Attributes> | SessionHandler,
  options: ExpressStoreOptions = {},
): ExpressStore<string extends keyof Attributes ? ExpressAttributes : Attributes> {
  checkOptionNames("createExpressStore", options, optionNames, { ttl: "It is idleTimeoutSeconds here." });
  const { onGone = "ignore", ...managerOptions } = options;
  if (onGone !== "ignore" && onGone !== "error") throw new TypeError('onGone must be "ignore" or "error".');
  const store = new ConditionalStore(managerOf(source, managerOptions), onGone);
  return store as ReturnType<typeof createExpressStore<Attributes>>; // the attributes are a word of the type
}

const optionNames = ["onGone", "prefix", "idleTimeoutSeconds", "touchEverySeconds"];

function managerOf(source: unknown, options: Omit<ExpressStoreOptions, "onGone">): SessionManager {
  if (typeof source !== "object" || source === null || !("destroy" in source)) {
    throw new TypeError(
      "createExpressStore takes a session manager or a handler, as createRedisHandler(url) makes one.",
    );
  }
  if ("open" in source && "update" in source) return checkedManager(source as SessionManager, options); // no handler has these
  const { prefix, ...limits } = options;
  return createSessionManager({ handler: source as SessionHandler, format: expressFormat({ prefix }), ...limits });
}

function checkedManager(sessions: SessionManager, options: object): SessionManager {
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (given) throw new TypeError(`The option "${given[0]}" belongs to the session manager.`);
  if (sessions.format.adoptsIds) return sessions;
  throw new TypeError(
    `express-session makes its ids itself, which the ${sessions.format.name} format does not allow; give the manager expressFormat().`,
  );
}
