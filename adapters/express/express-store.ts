import type { SessionData, Store } from "express-session";
import type { SessionManager } from "sessionwire";
import type { ExpressStoreCallback } from "./callbackify.ts";

/**
 * A store for express-session.
 *
 * @remarks
 * Methods take a callback, as express-session calls them, or return a promise if there is none.
 *
 * @public
 */
export interface ExpressStore<Attributes extends object = ExpressAttributes> extends Store {
  /** The sessions in the store, for counters and all work outside of requests: `sessions.update(req.sessionID, …)`. */
  readonly sessions: SessionManager<Attributes>;
  /**
   * Returns the session in the form of express-session, or `undefined` if there is none. A callback may declare the
   * type that it expects.
   */
  get<Data = SessionData>(sid: string, callback?: ExpressStoreCallback<Data>): Promise<SessionData | undefined>;
  /** Stores the differences from the session that was handed out; or all of a session that was not. */
  set(sid: string, data: ExpressSessionLike, callback?: ExpressStoreCallback): Promise<void>;
  /** Restarts the time to live, and stores a changed cookie. */
  touch(sid: string, data: ExpressSessionLike, callback?: ExpressStoreCallback): Promise<void>;
  /** Ends the session. */
  destroy(sid: string, callback?: ExpressStoreCallback): Promise<void>;
  /**
   * Returns the ids of all sessions, except those with a colon, which may belong to another application. This method
   * and the next three walk the whole store; they exist if the handler can list.
   */
  ids?(callback?: ExpressStoreCallback<string[]>): Promise<string[]>;
  /** Returns all sessions, each with its `id`. */
  all?(callback?: ExpressStoreCallback<ListedSession[]>): Promise<ListedSession[]>;
  /** Returns the number of keys that may belong to sessions. */
  length?(callback?: ExpressStoreCallback<number>): Promise<number>;
  /** Ends all sessions, and leaves other values alone. */
  clear?(callback?: ExpressStoreCallback): Promise<void>;
}

/**
 * The attributes that the application declares for `req.session`, with
 * `declare module "express-session" { interface SessionData {…} }`; any attributes if it declares none.
 *
 * @public
 */
export type ExpressAttributes = keyof SessionData extends "cookie"
  ? Record<string, unknown>
  : Omit<SessionData, "cookie">;

/**
 * A session of express-session or \@fastify/session, which declare their members separately.
 *
 * @public
 */
export type ExpressSessionLike = SessionData | { readonly cookie: object };

/**
 * A session as returned by {@link ExpressStore.all}.
 *
 * @public
 */
export type ListedSession = SessionData & { id: string };
