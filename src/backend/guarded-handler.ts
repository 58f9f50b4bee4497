import { type Clock, systemClock } from "../clock.ts";
import type { ConnectionOptions, ListingSessionHandler, NetworkedSessionHandler, SessionHandler } from "../handler.ts";
import { attempt } from "./call.ts";
import { checkDestroy, checkList, checkRead, checkSize, checkTouch, checkWrite, isId } from "./call-checks.ts";
import { cancelSourceOf } from "./cancellation.ts";
import { checkClock, checkCount, checkMethods, checkOptionNames, MAX_BYTES, MAX_DELAY_MS } from "./checks.ts";
import { RunningCalls } from "./running-calls.ts";
import type { ListingSessionBackend, NetworkedSessionBackend, SessionBackend } from "./session-backend.ts";

/**
 * The options common to all handlers.
 *
 * @public
 */
export interface HandlerOptions {
  /**
   * Separates the keys of this handler from everything else in the store: a key is the prefix followed by the id.
   * Either empty, or with exactly one `:`, at its end, so that two different prefixes can never form the same key from
   * two ids.
   *
   * @defaultValue `""`
   */
  readonly prefix?: string | undefined;
  /**
   * The maximum size of a session in bytes, up to 512 MiB. Writing more is refused with code `too-large`.
   *
   * @defaultValue 1,048,576 (1 MiB)
   */
  readonly maxBytes?: number | undefined;
  /**
   * The time within which every call settles, in milliseconds, from 1 to 2^31 - 1. If the store has not answered by
   * then, the call rejects with code `timeout`. A reply that has arrived by then counts, even if the process was paused
   * and reads it two turns of the event loop later (law 38).
   *
   * @defaultValue 2000 for networked stores, none for memory
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The source of the time.
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
  /** The name of the store in messages, for instance `"Redis"`. */
  readonly name: string;
}

/**
 * The handler that {@link createGuardedHandler} returns for a backend.
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
 * Creates a handler from the atomic steps of a store. It checks arguments before any I/O, copies data, adds the prefix,
 * settles every call by its deadline, its signal or `close`, and gives every failure its outcome.
 *
 * @throws `RangeError` or `TypeError` for an invalid backend or option.
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
    read: (id, options) =>
      attempt(() => {
        checkRead(id, options);
        const ttlSeconds = options?.ttlSeconds;
        return calls.run(false, cancelSourceOf(options), (call) => backend.read(prefix + id, ttlSeconds, call));
      }),
    write: (id, data, options) =>
      attempt(() => {
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
      }),
    touch: (id, ttlSeconds, options) =>
      attempt(() => {
        checkTouch(id, ttlSeconds);
        return calls.run(true, cancelSourceOf(options), (call) => backend.touch(prefix + id, ttlSeconds, call), true);
      }),
    destroy: (id, options) =>
      attempt(() => {
        checkDestroy(id, options);
        const replaces = options?.replaces;
        return calls.run(true, cancelSourceOf(options), (call) => backend.destroy(prefix + id, replaces, call), true);
      }),
    close() {
      const first = closing;
      if (first) return calls.closeWith(() => first); // each call has its own deadline
      closing = calls.closeWith(() => backend.close());
      return closing;
    },
    [Symbol.asyncDispose]: () => handler.close(),
  };
  const networked = isNetworked(backend) ? connectionMethods(backend, prefix, calls) : {};
  const listing = isListing(backend) ? listMethod(backend, prefix, calls) : {};
  return Object.assign(handler, networked, listing) as GuardedHandler<Backend>; // the type follows from the backend
}

function connectionMethods(
  backend: NetworkedSessionBackend,
  prefix: string,
  calls: RunningCalls,
): Omit<NetworkedSessionHandler, keyof SessionHandler> {
  return {
    ping: (options?: ConnectionOptions) =>
      attempt(() => calls.run(false, cancelSourceOf(options), (call) => backend.ping(options?.connection, call))),
    reconnect: (options?: ConnectionOptions) =>
      attempt(() => calls.run(false, cancelSourceOf(options), (call) => backend.reconnect(options?.connection, call))),
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
  throw new RangeError("prefix must be empty, or a string that ends with its only colon.");
}
