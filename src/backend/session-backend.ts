import type { DestroyResult, StoredSession, Version, WriteResult } from "../handler.ts";
import type { Call } from "./call.ts";

/**
 * The atomic steps of a store, which an adapter implements. {@link createGuardedHandler} makes a handler of it.
 *
 * @remarks
 * The arguments have been checked, the data is a copy that the backend may keep, and `key` is the prefix followed by
 * the id. A method should throw a {@link SessionError} without ids or data ({@link safeCause} makes its `cause`);
 * anything else becomes code `failed` with the thrown value as its cause.
 *
 * A method need not watch the time or a signal. But a method that waits for anything sends its request through
 * `call.send`, so that a call that was given up is never sent. A `write`, `touch` or `destroy` that does so first
 * declares it by `call.notSentYet()`; a caller that gives up before the request was sent then learns that nothing has
 * happened. Without this declaration, a call that is given up, or that fails without an outcome of its own, is reported
 * with outcome `unknown`.
 *
 * @public
 */
export interface SessionBackend {
  /** Implements {@link SessionHandler.read}. The data must be a copy. */
  read(key: string, ttlSeconds: number | undefined, call: Call): MaybePromise<StoredSession | undefined>;
  /** Implements {@link SessionHandler.write}: compares and writes in one step. */
  write(key: string, data: Uint8Array, condition: WriteCondition, call: Call): MaybePromise<WriteResult>;
  /** Implements {@link SessionHandler.touch}. */
  touch(key: string, ttlSeconds: number, call: Call): MaybePromise<boolean>;
  /** Implements {@link SessionHandler.destroy}: with `replaces`, compares and destroys in one step. */
  destroy(key: string, replaces: Version | undefined, call: Call): MaybePromise<DestroyResult>;
  /** Releases the resources of the backend. Called once, after every call has settled. */
  close(): MaybePromise<void>;
}

/**
 * The condition of a write, and the time to live that it sets.
 *
 * @public
 */
export interface WriteCondition {
  /** The version that must be stored, or `undefined` if nothing may be stored. */
  readonly replaces: Version | undefined;
  /** The time to live from now on, in seconds. */
  readonly ttlSeconds: number;
}

/**
 * A backend reached over a connection.
 *
 * @public
 */
export interface NetworkedSessionBackend extends SessionBackend {
  /** Implements {@link NetworkedSessionHandler.ping}. */
  ping(connection: string | undefined, call: Call): MaybePromise<void>;
  /** Implements {@link NetworkedSessionHandler.reconnect}. If the call ends early, it must leave nothing open. */
  reconnect(connection: string | undefined, call: Call): MaybePromise<void>;
  /** Implements {@link NetworkedSessionHandler.connectionOf}. */
  connectionOf?(key: string): string;
}

/**
 * A backend that can list its keys.
 *
 * @public
 */
export interface ListingSessionBackend extends SessionBackend {
  /**
   * Implements {@link ListingSessionHandler.list}: returns one page of the keys that begin with `prefix`, which is the
   * handler's prefix followed by the caller's. The handler drops keys that do not, or that are not a valid id after its
   * prefix.
   */
  list(prefix: string, cursor: string | undefined, call: Call): MaybePromise<KeyPage>;
}

/**
 * One page of a listing, as a backend returns it.
 *
 * @public
 */
export interface KeyPage {
  /** The keys. A page may be empty although more pages follow. */
  readonly keys: readonly string[];
  /** The cursor of the next page, never `""`; `undefined` on the last page. */
  readonly next: string | undefined;
}

/**
 * The answer of a backend, which need not be a promise.
 *
 * @public
 */
export type MaybePromise<T> = T | Promise<T>;
