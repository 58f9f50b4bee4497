/// <reference lib="esnext.disposable" preserve="true" />

import type { SessionError } from "./errors.ts";

declare const versionBrand: unique symbol;

/**
 * Identifies the state that was read. It is opaque: pass it back as `replaces`, or compare it with `===`. It is a
 * string, so it can be sent elsewhere (as an `ETag`, for instance).
 *
 * @remarks
 * Two different states of a session that can follow each other have different versions. Equal versions stand for equal
 * bytes. A touch does not change the version. A version is only meaningful to the handler that returned it.
 *
 * @public
 */
export type Version = string & { readonly [versionBrand]: true };

/**
 * A session as it was when it was read: a plain object that may be spread, cloned and compared.
 *
 * @remarks
 * `version` may be an own getter that computes it on first use. It identifies `data` as it was stored, even if `data`
 * has been changed since.
 *
 * @public
 */
export interface StoredSession {
  /** A copy: changing it does not affect what is stored. */
  readonly data: Uint8Array;
  /** Identifies `data`, for the write that replaces it. */
  readonly version: Version;
}

/**
 * The result of a write. `written: false` is not an error: another writer was faster. `current` is what is stored now,
 * `undefined` if the session is gone.
 *
 * @public
 */
export type WriteResult =
  | { readonly written: true; readonly version: Version }
  | { readonly written: false; readonly current: StoredSession | undefined };

/**
 * The result of a destroy. With `destroyed: false` and `current: undefined`, there was no session (any more). With a
 * `current`, the stored session is not the one that `replaces` identifies, and it still exists.
 *
 * @public
 */
export type DestroyResult =
  | { readonly destroyed: true }
  | { readonly destroyed: false; readonly current: StoredSession | undefined };

/**
 * Reports that the caller of an operation has given up. An `AbortSignal` is one.
 *
 * @public
 */
export interface CancelSource {
  /** `true` once the caller has given up. */
  readonly aborted: boolean;
  /** The reason for which the caller has given up. */
  readonly reason: unknown;
  /** Calls `listener` when the caller gives up. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Removes a listener. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * A cancel source that creates an `AbortSignal` on demand: a signal for each call would often cost more than the call
 * itself.
 *
 * @public
 */
export interface Cancellation extends CancelSource {
  /** The same source as a signal, created on first access. */
  readonly signal: AbortSignal;
}

/**
 * The options of every operation.
 *
 * @public
 */
export interface OperationOptions {
  /**
   * Cancels the operation: it rejects at once with code `aborted`. Anything not sent by then is never sent; anything
   * sent may still take effect.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Cancels the operation as `signal` does. A decorator passes it on to the handler inside, with a `signal` that is
   * created from it on first access; a handler respects either. If both are given and differ, each of them cancels the
   * operation.
   */
  readonly cancellation?: Cancellation | undefined;
}

/**
 * The options of {@link SessionHandler.read}.
 *
 * @public
 */
export interface ReadOptions extends OperationOptions {
  /** Restarts the time to live in the same round trip. A whole number of seconds from 1 to 2^31 - 1. */
  readonly ttlSeconds?: number | undefined;
}

/**
 * The options of {@link SessionHandler.write}.
 *
 * @public
 */
export interface WriteOptions extends OperationOptions {
  /**
   * The version to replace, or `undefined` to create a session where there is none. It is required in either case.
   * Beware of `session?.version`: for a session that is gone, it means "create".
   */
  readonly replaces: Version | undefined;
  /** The time to live from now on. A whole number of seconds from 1 to 2^31 - 1. */
  readonly ttlSeconds: number;
}

/**
 * The options of {@link SessionHandler.destroy}.
 *
 * @public
 */
export interface DestroyOptions extends OperationOptions {
  /** Destroys the session only if it is still in the state that was read. Without it, whatever is stored is destroyed. */
  readonly replaces?: Version | undefined;
}

/**
 * The options of {@link ListingSessionHandler.list}.
 *
 * @public
 */
export interface ListOptions extends OperationOptions {
  /**
   * Lists only ids with this prefix: a string of at most 1024 UTF-16 units without unpaired surrogates. Absent or `""`:
   * all ids.
   */
  readonly prefix?: string | undefined;
  /** The `next` of the page before, requested with the same `prefix`. Absent: the first page. */
  readonly cursor?: string | undefined;
}

/**
 * One page of a listing.
 *
 * @public
 */
export interface SessionPage {
  /** The ids, in no particular order. A page may be empty although more pages follow. */
  readonly ids: readonly string[];
  /** The cursor of the next page, `undefined` on the last page. It is opaque. */
  readonly next: string | undefined;
}

/**
 * The options of {@link NetworkedSessionHandler.ping} and {@link NetworkedSessionHandler.reconnect}.
 *
 * @public
 */
export interface ConnectionOptions {
  /** Cancels the ping or the reconnection, which must leave nothing behind. */
  readonly signal?: AbortSignal | undefined;
  /** The name of the connection, as {@link NetworkedSessionHandler.connectionOf} returns it. Absent: all connections. */
  readonly connection?: string | undefined;
}

/**
 * Stores sessions: bytes under an id, with a time to live.
 *
 * @remarks
 * There is no unconditional write. A write replaces exactly the state that was read, or creates what is absent, in one
 * atomic step of the store. No change is lost, nothing that was destroyed comes back, and a write that arrives late or
 * twice does no harm.
 *
 * Every method keeps these rules:
 *
 * - **Ids** are opaque keys: any string of 1 to 1024 UTF-16 units without unpaired surrogates. Other ids are refused
 *   with code `invalid-id`. Ids that differ in any way are different sessions.
 * - **Absence is an answer** (`undefined`, `false`, `written: false`): never stored, destroyed, expired and evicted are
 *   the same. **Failure is always a rejection**: an outage must never read as "no session".
 * - **Arguments are checked before any I/O**, and a refused call changes nothing. An invalid id or too much data is a
 *   {@link SessionError}; a time to live that is not a whole number of seconds from 1 to 2^31 - 1 is a `RangeError`;
 *   data that is not a `Uint8Array` is a `TypeError`.
 * - **No method throws synchronously**: every failure is a rejected promise, and every promise settles.
 * - **A rejected write, touch or destroy** has an `outcome`. A handler passes each call to its store at most once. It
 *   never retries on its own, because it cannot know the outcome of the first attempt.
 * - **Bytes are copied** in and out. Changing an array later has no effect.
 * - **Calls may overlap** in any number. For each id, they behave as if they had run one after the other.
 * - **After `close`**, every call rejects with code `closed`.
 *
 * {@link createGuardedHandler} gives an adapter all of this except the atomic steps themselves.
 *
 * @public
 */
export interface SessionHandler {
  /**
   * The maximum size of a session in bytes, if the handler declares one. A session manager uses it to refuse values
   * that are too large when they are set, before they are encoded.
   */
  readonly maxBytes?: number | undefined;

  /**
   * Returns the session stored under `id`, or `undefined` if there is none (never stored, destroyed, expired or
   * evicted).
   *
   * @remarks
   * With `ttlSeconds`, it also restarts the time to live, in the same round trip. Without it, the expiry does not
   * change. A session whose time to live has run out is absent, even if the store still holds its bytes.
   */
  read(id: string, options?: ReadOptions): Promise<StoredSession | undefined>;

  /**
   * Replaces exactly the state that was read (`replaces: version`), or creates what is absent (`replaces: undefined`).
   *
   * @remarks
   * Comparing and writing are one atomic step. A refused write changes neither data nor version nor expiry, and returns
   * what is stored. A replacing write never recreates a session that is gone. A write sets the time to live to its own
   * `ttlSeconds`, whether longer or shorter. An expired session counts as absent.
   */
  write(id: string, data: Uint8Array, options: WriteOptions): Promise<WriteResult>;

  /**
   * Restarts the time to live. Returns `false` if there is no such session.
   *
   * @remarks
   * It never creates a session and changes neither data nor version, so it never makes another caller's write fail. It
   * must be one atomic step of the store: a touch made of a read and a write would undo what was written in between.
   */
  touch(id: string, ttlSeconds: number, options?: OperationOptions): Promise<boolean>;

  /**
   * Destroys the session; with `replaces`, only if it is still in the state that was read.
   *
   * @remarks
   * Destroying a session that does not exist also resolves. Once it has resolved, every write that replaces an earlier
   * version is refused.
   */
  destroy(id: string, options?: DestroyOptions): Promise<DestroyResult>;

  /**
   * Closes the handler: everything pending rejects with code `closed`, and timers, sockets and listeners are released.
   *
   * @remarks
   * It may be called any number of times. A client that belongs to the caller stays open.
   */
  close(): Promise<void>;

  /** Calls `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A handler whose store is reached over a connection.
 *
 * @public
 */
export interface NetworkedSessionHandler extends SessionHandler {
  /**
   * Makes one round trip to the store and resolves, or rejects.
   *
   * @remarks
   * It tests the connection and is never a read in disguise. An error reply counts as a working connection if the
   * server is merely in trouble (`overloaded`). It is a rejection if this connection is useless and a new one may help
   * (a demoted or loading server, rejected credentials).
   */
  ping(options?: ConnectionOptions): Promise<void>;

  /**
   * Drops the connection, whatever its state, and resolves once a new one has answered.
   *
   * @remarks
   * Everything under way on the old connection rejects and is not sent again. It does not wait for the other side,
   * which may be unreachable. Overlapping calls may share one new connection.
   */
  reconnect(options?: ConnectionOptions): Promise<void>;

  /**
   * Returns the name of the connection that operations on `id` use, if the handler has several (a Cluster, a set of
   * Memcached servers). Absent: there is one connection.
   */
  connectionOf?(id: string): string;
}

/**
 * A handler that can list the ids of its sessions.
 *
 * @public
 */
export interface ListingSessionHandler extends SessionHandler {
  /**
   * Returns one page of the stored ids. Pass the `next` of each page to request the following one, until it is
   * `undefined`.
   *
   * @remarks
   * It is meant for maintenance, not for requests: it walks through the whole store, whether or not its keys are
   * sessions, whatever the `prefix`.
   *
   * A listing gives the guarantees of the Redis command SCAN (https://redis.io/docs/latest/commands/scan/). An id that
   * exists from the first page to the last is listed at least once, and may be listed more than once. An id that
   * appears or disappears in the meantime may or may not be listed, so an id that was listed may be absent by the time
   * it is read. A cursor may be used again, for instance after a page has failed.
   *
   * Ids are listed without the handler's own prefix. Keys of the store that lack the prefix or are not valid ids are
   * never listed. Nothing is changed, neither an expiry nor what the store regards as recently used.
   *
   * Before any I/O, an invalid `prefix` is refused with code `invalid-id`, and a cursor that is not a string, an empty
   * cursor or an unknown option with a `TypeError`. A cursor that this store has not returned may be refused with code
   * `failed`.
   */
  list(options?: ListOptions): Promise<SessionPage>;
}

/**
 * Checks if a handler can list its ids.
 *
 * @public
 */
export function canList(handler: SessionHandler): handler is ListingSessionHandler {
  return "list" in handler && typeof handler.list === "function";
}
