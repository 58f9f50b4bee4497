import { type Clock, systemClock } from "../clock.ts";
import type {
  ConnectionOptions,
  DestroyResult,
  ListingSessionHandler,
  NetworkedSessionHandler,
  SessionHandler,
  StoredSession,
  Version,
  WriteResult,
} from "../handler.ts";
import { type Call, RunningCalls } from "./call.ts";
import { cancelSourceOf } from "./cancellation.ts";
import {
  checkClock,
  checkCount,
  checkDestroy,
  checkList,
  checkMethods,
  checkOptionNames,
  checkRead,
  checkSize,
  checkTouch,
  checkWrite,
  isId,
  MAX_BYTES,
  MAX_DELAY_MS,
} from "./checks.ts";

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

/**
 * The options that every handler has.
 *
 * @public
 */
export interface HandlerOptions {
  /**
   * Sets the keys of this handler apart from everything else in the store: the key is the prefix followed by the id.
   * Either empty, or with exactly one `:`, at its end; so that no two different prefixes can make the same key out of two
   * ids.
   *
   * @defaultValue `""`
   */
  readonly prefix?: string | undefined;
  /**
   * The most bytes that a session may have, up to 512 MiB; writing more is refused with code `too_large`.
   *
   * @defaultValue 1,048,576 (1 MiB)
   */
  readonly maxBytes?: number | undefined;
  /**
   * Every call settles within so many milliseconds, from 1 to 2^31 - 1; with code `timeout` if the store has not answered. What has
   * arrived by then is an answer, also where the process stood still and hears of it two turns of the event loop later (law 38).
   *
   * @defaultValue 2000 for stores on a network, none for the memory
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Where the time comes from.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * The options of {@link createGuardedHandler}.
 *
 * @public
 */
export interface GuardedHandlerOptions extends HandlerOptions {
  /** How the store is called in messages, `"Redis"` for instance. */
  readonly name: string;
}

/**
 * The handler that {@link createGuardedHandler} makes of a backend.
 *
 * @public
 */
export type GuardedHandler<Backend extends SessionBackend> = (Backend extends Pick<
  NetworkedSessionBackend,
  "ping" | "reconnect"
>
  ? NetworkedSessionHandler
  : SessionHandler) &
  (Backend extends Pick<ListingSessionBackend, "list"> ? ListingSessionHandler : unknown);

/**
 * Makes a handler out of the atomic steps of a store. It checks arguments before any I/O, copies data, adds the prefix,
 * settles every call by its deadline, its signal or `close`, and says of every failure what became of the operation.
 *
 * @throws `RangeError` or `TypeError` for a backend or an option that cannot be used.
 *
 * @public
 */
export function createGuardedHandler<Backend extends SessionBackend>(
  backend: Backend,
  options: GuardedHandlerOptions,
): GuardedHandler<Backend> {
  checkMethods("The backend", backend, ["read", "write", "touch", "destroy", "close"]);
  checkOptionNames("The handler", options, ["name", "prefix", "maxBytes", "timeoutMs", "clock"]);
  const networkTimeoutMs = isNetworked(backend) ? 2000 : undefined;
  const { name, prefix = "", maxBytes = 1_048_576, timeoutMs = networkTimeoutMs, clock = systemClock } = options;
  checkPrefix(prefix);
  checkClock(clock);
  checkCount("maxBytes", maxBytes, 1, MAX_BYTES);
  if (timeoutMs !== undefined) checkCount("timeoutMs", timeoutMs, 1, MAX_DELAY_MS);
  const calls = new RunningCalls({ name, clock, timeoutMs });
  let closing: Promise<void> | undefined;

  const handler: SessionHandler = {
    maxBytes,
    async read(id, options) {
      checkRead(id, options);
      const ttlSeconds = options?.ttlSeconds;
      return calls.run(false, cancelSourceOf(options), (call) => backend.read(prefix + id, ttlSeconds, call));
    },
    async write(id, data, options) {
      checkWrite(id, data, options);
      const { replaces, ttlSeconds } = options;
      checkSize(data, maxBytes);
      const copy = new Uint8Array(data);
      return calls.run(
        true,
        cancelSourceOf(options),
        (call) => backend.write(prefix + id, copy, { replaces, ttlSeconds }, call),
        true,
      );
    },
    async touch(id, ttlSeconds, options) {
      checkTouch(id, ttlSeconds);
      return calls.run(true, cancelSourceOf(options), (call) => backend.touch(prefix + id, ttlSeconds, call), true);
    },
    async destroy(id, options) {
      checkDestroy(id, options);
      const replaces = options?.replaces;
      return calls.run(true, cancelSourceOf(options), (call) => backend.destroy(prefix + id, replaces, call), true);
    },
    close() {
      const first = closing;
      if (first) return calls.closeWith(() => first); // with a deadline of its own
      closing = calls.closeWith(() => backend.close());
      return closing;
    },
    [Symbol.asyncDispose]: () => handler.close(),
  };
  const networked = isNetworked(backend) ? connectionMethods(backend, prefix, calls) : {};
  const listing = isListing(backend) ? listMethod(backend, prefix, calls) : {};
  return Object.assign(handler, networked, listing) as GuardedHandler<Backend>; // which of them follows from the backend
}

function connectionMethods(
  backend: NetworkedSessionBackend,
  prefix: string,
  calls: RunningCalls,
): Omit<NetworkedSessionHandler, keyof SessionHandler> {
  return {
    async ping(options?: ConnectionOptions) {
      return calls.run(false, cancelSourceOf(options), (call) => backend.ping(options?.connection, call));
    },
    async reconnect(options?: ConnectionOptions) {
      return calls.run(false, cancelSourceOf(options), (call) => backend.reconnect(options?.connection, call));
    },
    ...(backend.connectionOf && { connectionOf: (id: string) => backend.connectionOf?.(prefix + id) ?? "" }),
  };
}

function listMethod(
  backend: ListingSessionBackend,
  prefix: string,
  calls: RunningCalls,
): Pick<ListingSessionHandler, "list"> {
  return {
    async list(options) {
      checkList(options);
      const keyPrefix = prefix + (options?.prefix ?? "");
      const cursor = options?.cursor;
      return calls.run(false, cancelSourceOf(options), async (call) => {
        const { keys, next } = await backend.list(keyPrefix, cursor, call);
        const ids = keys.filter((key) => key.startsWith(keyPrefix)).map((key) => key.slice(prefix.length));
        return { ids: ids.filter(isId), next };
      });
    },
  };
}

function isListing(backend: SessionBackend): backend is ListingSessionBackend {
  return "list" in backend && typeof backend.list === "function";
}

function isNetworked(backend: SessionBackend): backend is NetworkedSessionBackend {
  return "ping" in backend && "reconnect" in backend;
}

function checkPrefix(prefix: unknown): void {
  if (typeof prefix === "string" && prefix.isWellFormed() && /^([^:]+:)?$/.test(prefix)) return;
  throw new RangeError("prefix must be empty, or a text that ends with its only colon.");
}
