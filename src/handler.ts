/// <reference lib="esnext.disposable" preserve="true" />

import type { SessionError } from "./errors.ts";

declare const versionBrand: unique symbol;

/**
 * Stands for what was stored when it was read. It is opaque: hand it back as `replaces`, or compare it by `===`. It is a
 * string, so that it can travel (as an `ETag`, for instance).
 *
 * @remarks
 * Two states of a session that can follow each other and differ have different versions. Two equal versions stand for the
 * same bytes. A touch leaves the version as it is. Versions of one handler mean nothing to another.
 *
 * @public
 */
export type Version = string & { readonly [versionBrand]: true };

/**
 * A session as it was when it was read: a plain object that may be spread, cloned and compared.
 *
 * @remarks
 * `version` may be computed when it is first asked for, by a getter of the object's own. It stands for `data` as it was stored, even
 * if `data` has been changed since.
 *
 * @public
 */
export interface StoredSession {
  /** A copy: it may be changed without any effect on what is stored. */
  readonly data: Uint8Array;
  /** Stands for `data`, to be handed to the write that replaces it. */
  readonly version: Version;
}

/**
 * The answer to a write. `written: false` is no error: somebody else was faster. `current` is what is stored now,
 * `undefined` when the session is gone.
 *
 * @public
 */
export type WriteResult =
  | { readonly written: true; readonly version: Version }
  | { readonly written: false; readonly current: StoredSession | undefined };

/**
 * The answer to a destroy. With `destroyed: false` and `current: undefined` there was no session (any more); with a
 * `current`, the session is not the one that `replaces` stands for, and is still there.
 *
 * @public
 */
export type DestroyResult =
  | { readonly destroyed: true }
  | { readonly destroyed: false; readonly current: StoredSession | undefined };

/**
 * Tells that the caller of an operation has given up. An `AbortSignal` is one.
 *
 * @public
 */
export interface CancelSource {
  /** `true` once the caller has given up. */
  readonly aborted: boolean;
  /** Why the caller has given up. */
  readonly reason: unknown;
  /** Calls `listener` when the caller gives up. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Takes a listener back. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * A source of cancellation that makes an `AbortSignal` when it is asked for one: a signal for each call would cost more than many a
 * call.
 *
 * @public
 */
export interface Cancellation extends CancelSource {
  /** The same as a signal, made when it is looked at. */
  readonly signal: AbortSignal;
}

/**
 * The options of every operation.
 *
 * @public
 */
export interface OperationOptions {
  /**
   * Gives the operation up: it rejects at once with code `aborted`. What has not been sent by then is never sent; what has
   * been sent may still take effect.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Gives the operation up as `signal` does. A decorator passes it on to the handler inside, with a `signal` that is made of it when it
   * is looked at; a handler heeds either. Where both are given and differ, each of them gives the operation up.
   */
  readonly cancellation?: Cancellation | undefined;
}

/**
 * The options of {@link SessionHandler.read}.
 *
 * @public
 */
export interface ReadOptions extends OperationOptions {
  /** Restarts the time to live in the same round trip. Whole seconds from 1 to 2^31 - 1. */
  readonly ttlSeconds?: number | undefined;
}

/**
 * The options of {@link SessionHandler.write}.
 *
 * @public
 */
export interface WriteOptions extends OperationOptions {
  /**
   * The version that was read and is to be replaced, or `undefined` to create a session where there is none. It must be given
   * in either case. Beware of `session?.version`: for a session that is gone it says "create".
   */
  readonly replaces: Version | undefined;
  /** The time to live from now on. Whole seconds from 1 to 2^31 - 1. */
  readonly ttlSeconds: number;
}

/**
 * The options of {@link SessionHandler.destroy}.
 *
 * @public
 */
export interface DestroyOptions extends OperationOptions {
  /** Destroys the session only if it is still what was read. Without it, whatever is stored is destroyed. */
  readonly replaces?: Version | undefined;
}

/**
 * The options of {@link ListingSessionHandler.list}.
 *
 * @public
 */
export interface ListOptions extends OperationOptions {
  /** Only ids that begin with this: a string of at most 1024 UTF-16 units without unpaired surrogates. Absent or `""`: all. */
  readonly prefix?: string | undefined;
  /** Where to go on: the `next` of the page before, with the same `prefix`. Absent: at the beginning. */
  readonly cursor?: string | undefined;
}

/**
 * A part of a listing.
 *
 * @public
 */
export interface SessionPage {
  /** In no order. There may be none although more pages follow. */
  readonly ids: readonly string[];
  /** The cursor of the next page, `undefined` on the last one. It is opaque. */
  readonly next: string | undefined;
}

/**
 * The options of {@link NetworkedSessionHandler.ping} and {@link NetworkedSessionHandler.reconnect}.
 *
 * @public
 */
export interface ConnectionOptions {
  /** Gives the ping or the reconnection up; nothing may be left behind by it. */
  readonly signal?: AbortSignal | undefined;
  /** Which connection is meant, as {@link NetworkedSessionHandler.connectionOf} named it. Absent: all of them. */
  readonly connection?: string | undefined;
}

/**
 * Keeps sessions: bytes under an id, with a time to live.
 *
 * @remarks
 * There is no unconditional write. A write replaces exactly the state that was read, or creates what is absent; in one
 * atomic step of the store. So no change is lost, nothing that was destroyed comes back, and a write that arrives late or
 * twice does no harm.
 *
 * What holds for every method:
 *
 * - **Ids** are opaque keys: any string of 1 to 1024 UTF-16 units without unpaired surrogates; others are refused with
 *   code `invalid-id`. Ids that differ in any way are different sessions.
 * - **Absence is an answer** (`undefined`, `false`, `written: false`): never stored, destroyed, expired and evicted are
 *   the same. **Failure is a rejection**, always: an outage must never read as "no session".
 * - **Arguments are checked before any I/O**, and a refused call changes nothing: a bad id or too much data is a
 *   {@link SessionError}, a time to live that is not a whole number of seconds from 1 to 2^31 - 1 is a `RangeError`, data
 *   that is no `Uint8Array` a `TypeError`.
 * - **Nothing is thrown on the spot**: every failure is a rejected promise, and every promise settles.
 * - **A rejected write, touch or destroy** carries an `outcome`. A handler passes every call on to its store at most once;
 *   it never tries again on its own, because it cannot know what became of the first attempt.
 * - **Bytes are copied**, in and out. What the caller does to an array later has no effect.
 * - **Calls may overlap**, as many as the caller likes. For each id they behave as if they had run one after the other.
 * - **After `close`** everything rejects with code `closed`.
 *
 * {@link createGuardedHandler} gives an adapter all of this but the atomic steps themselves.
 *
 * @public
 */
export interface SessionHandler {
  /**
   * The most bytes that a session may have, where the handler says it. A session manager goes by it: what is too large is refused when
   * it is set, before it is encoded.
   */
  readonly maxBytes?: number | undefined;

  /**
   * The session stored under `id`, or `undefined` when there is none (never stored, destroyed, expired or evicted).
   *
   * @remarks
   * With `ttlSeconds`, also restarts its time to live, in the same round trip. Without, the expiry stays as it is. A session
   * whose time to live has run out is absent, even if the store still holds its bytes.
   */
  read(id: string, options?: ReadOptions): Promise<StoredSession | undefined>;

  /**
   * Replaces exactly the state that was read (`replaces: version`), or creates what is absent (`replaces: undefined`).
   *
   * @remarks
   * Comparing and writing are one step. A refused write changes neither data nor version nor expiry and reports what is
   * there; a session that is gone is never recreated by a replacing write. A write sets the time to live to its own
   * `ttlSeconds`, be that longer or shorter. An expired session counts as absent.
   */
  write(id: string, data: Uint8Array, options: WriteOptions): Promise<WriteResult>;

  /**
   * Restarts the time to live; `false` when there is no such session.
   *
   * @remarks
   * Never creates a session and changes neither data nor version, so that it never makes somebody's write fail. It must be
   * one step of the store: a touch made of a read and a write would undo what was written in between.
   */
  touch(id: string, ttlSeconds: number, options?: OperationOptions): Promise<boolean>;

  /**
   * Ends the session; with `replaces`, only if it is still what was read.
   *
   * @remarks
   * Destroying what is not there resolves, too. After it has resolved, every write that replaces an earlier version is
   * refused.
   */
  destroy(id: string, options?: DestroyOptions): Promise<DestroyResult>;

  /**
   * Ends the handler: everything pending rejects with code `closed`, and timers, sockets and listeners are released.
   *
   * @remarks
   * May be called any number of times. A client that belongs to the caller stays open.
   */
  close(): Promise<void>;

  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A handler whose store is at the other end of a connection.
 *
 * @public
 */
export interface NetworkedSessionHandler extends SessionHandler {
  /**
   * Makes one round trip to the store and resolves, or rejects.
   *
   * @remarks
   * It asks whether the connection works, and is never a read in disguise. An error reply means a working connection when
   * the server is merely in trouble (`overloaded`), and a rejection when this connection is of no use and a new one may be
   * (a demoted or loading server, refused credentials).
   */
  ping(options?: ConnectionOptions): Promise<void>;

  /**
   * Drops the connection, whatever state it is in, and resolves once a fresh one has answered.
   *
   * @remarks
   * Whatever was under way on the old connection rejects; nothing of it is sent again. It does not wait for the other
   * side, which may be unreachable. Overlapping calls may share one new connection.
   */
  reconnect(options?: ConnectionOptions): Promise<void>;

  /**
   * Names the connection that operations on `id` use, for a handler that has several (a Cluster, a set of Memcached
   * servers). Absent: there is one connection.
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
   * One page of the ids that are stored. The whole listing is all pages, each asked for with the `next` of the one before,
   * until that is `undefined`.
   *
   * @remarks
   * For maintenance and not for requests: it walks through the whole store, sessions or not, whatever the `prefix`.
   *
   * A listing promises what the SCAN of Redis does (https://redis.io/docs/latest/commands/scan/). An id that is there from its
   * first page to its last is listed at least once, and may be listed more than once; one that comes or goes meanwhile
   * may be listed or not. So an id that was listed may be absent by the time it is read. A cursor may be used again, after a
   * page that failed for instance.
   *
   * Ids come without the handler's own prefix, and keys of the store that are not behind it, or are no ids, are never among
   * them. Nothing is changed: neither expiry nor what counts as used.
   *
   * A `prefix` of another kind is refused with code `invalid-id`, a cursor that is no text or empty and an unknown option by a
   * `TypeError`; before any I/O. A cursor that this store has not given may be refused with code `failed`.
   */
  list(options?: ListOptions): Promise<SessionPage>;
}

/**
 * Tells whether a handler can list its ids.
 *
 * @public
 */
export function canList(handler: SessionHandler): handler is ListingSessionHandler {
  return "list" in handler && typeof handler.list === "function";
}
