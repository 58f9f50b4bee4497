import type { DestroyResult, StoredSession, Version, WriteResult } from "../handler.ts";
import type { Call } from "./call.ts";

/**
 * What an adapter writes itself: the atomic steps of its store. {@link createGuardedHandler} makes a handler of it.
 *
 * @remarks
 * The arguments have been checked, the data is a copy that the backend may keep, and `key` is the prefix and the id. What
 * a method throws should be a {@link SessionError} without ids or data in it ({@link safeCause} makes its `cause`); anything
 * else becomes code `failed` with the thrown value as its cause.
 *
 * A method need not watch the time or a signal. But a method that waits for anything sends its request through `call.send`: so a
 * call that was given up is not sent any more. A `write`, `touch` or `destroy` that does so declares it
 * first thing, by `call.notSentYet()`, and whoever gives it up before it was sent learns that nothing has happened. One that does not
 * declare it is reported with outcome `unknown` when it is given up, or fails without an outcome of its own.
 *
 * @public
 */
export interface SessionBackend {
  /** As {@link SessionHandler.read}. The data must be a copy. */
  read(key: string, ttlSeconds: number | undefined, call: Call): MaybePromise<StoredSession | undefined>;
  /** As {@link SessionHandler.write}: compare and write in one step. */
  write(key: string, data: Uint8Array, condition: WriteCondition, call: Call): MaybePromise<WriteResult>;
  /** As {@link SessionHandler.touch}. */
  touch(key: string, ttlSeconds: number, call: Call): MaybePromise<boolean>;
  /** As {@link SessionHandler.destroy}: with `replaces`, compare and destroy in one step. */
  destroy(key: string, replaces: Version | undefined, call: Call): MaybePromise<DestroyResult>;
  /** Releases what the backend holds. Called once, when every call has been settled. */
  close(): MaybePromise<void>;
}

/**
 * Under which condition a backend writes, and for how long.
 *
 * @public
 */
export interface WriteCondition {
  /** The version that must be there, or `undefined`: there must be nothing. */
  readonly replaces: Version | undefined;
  /** The time to live from now on. */
  readonly ttlSeconds: number;
}

/**
 * A backend at the other end of a connection.
 *
 * @public
 */
export interface NetworkedSessionBackend extends SessionBackend {
  /** As {@link NetworkedSessionHandler.ping}. */
  ping(connection: string | undefined, call: Call): MaybePromise<void>;
  /** As {@link NetworkedSessionHandler.reconnect}. When the call ends early, nothing may be left open by it. */
  reconnect(connection: string | undefined, call: Call): MaybePromise<void>;
  /** As {@link NetworkedSessionHandler.connectionOf}. */
  connectionOf?(key: string): string;
}

/**
 * A backend that can list its keys.
 *
 * @public
 */
export interface ListingSessionBackend extends SessionBackend {
  /**
   * As {@link ListingSessionHandler.list}: one page of the keys that begin with `prefix`, which is the handler's prefix and the
   * caller's. Keys that do not, or are no id behind the handler's prefix, are left out if there are any among them.
   */
  list(prefix: string, cursor: string | undefined, call: Call): MaybePromise<KeyPage>;
}

/**
 * A part of a listing, as a backend gives it.
 *
 * @public
 */
export interface KeyPage {
  /** There may be none although more pages follow. */
  readonly keys: readonly string[];
  /** What the next page is to be asked for with, never `""`; `undefined` on the last one. */
  readonly next: string | undefined;
}

/**
 * A backend that need not wait may answer at once.
 *
 * @public
 */
export type MaybePromise<T> = T | Promise<T>;
