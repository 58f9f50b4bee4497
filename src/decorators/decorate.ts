import { closedError } from "../backend/call-errors.ts";
import { CallRegistry } from "../backend/call-registry.ts";
import {
  checkCount,
  checkDestroy,
  checkList,
  checkMethods,
  checkOptionNames,
  checkRead,
  checkSignal,
  checkSize,
  checkTouch,
  checkWrite,
  MAX_BYTES,
} from "../backend/checks.ts";
import type { MaybePromise } from "../backend/guarded-handler.ts";
import { systemClock } from "../clock.ts";
import { wrapForeignError } from "../errors.ts";
import type {
  Cancellation,
  ConnectionOptions,
  ListingSessionHandler,
  NetworkedSessionHandler,
  SessionHandler,
} from "../handler.ts";
import { Codec } from "./codec.ts";
import { heard, type Operation, type OperationHost, RunningOperation } from "./operation.ts";

/**
 * The methods of a handler's connection. They pass through every decorator.
 *
 * @public
 */
export type ConnectionMethod = Exclude<keyof NetworkedSessionHandler, keyof SessionHandler>;

/**
 * The method of a handler that can list its ids. It passes through every decorator.
 *
 * @public
 */
export type ListingMethod = Exclude<keyof ListingSessionHandler, keyof SessionHandler>;

/**
 * A handler that has just the connection methods of the one inside, and can list ids just when that can. Nothing else passes
 * through.
 *
 * @public
 */
export type Decorated<H extends SessionHandler> = SessionHandler &
  Pick<H, Extract<keyof H, ConnectionMethod | ListingMethod>>;

/**
 * What a decorator does around the calls of the handler inside. What it leaves out passes through.
 *
 * @public
 */
export interface DecoratorHooks {
  /**
   * Runs a read, write, touch, destroy or list; `next` passes it on.
   *
   * @remarks
   * Arguments have been checked, and the operation has not been given up. It may be kept waiting for as long as need be: a caller who
   * gives up, or a close, ends it at once, and from then on `next` rejects and passes nothing on. What fails before `next` has the
   * outcome `not-applied`. An error of somebody else is wrapped.
   *
   * `next` passes the caller's options on; with a cancellation, that one takes the place of the caller's. It is called once, unless
   * {@link Operation.keepArguments} was called before.
   */
  operation?<T>(operation: Operation, next: (cancellation?: AbortSignal | Cancellation) => Promise<T>): Promise<T>;
  /** Pings; `next` does so with the caller's options, or with others. */
  ping?(next: (options?: ConnectionOptions) => Promise<void>, options: ConnectionOptions): Promise<void>;
  /** Reconnects; `next` does so with the caller's options, or with others. */
  reconnect?(next: (options?: ConnectionOptions) => Promise<void>, options: ConnectionOptions): Promise<void>;
  /** Closes; once. `next` closes the handler inside, which happens in any case. */
  close?(next: () => Promise<void>): Promise<void>;
  /**
   * Makes of the data of a write what the handler inside is to keep. `data` is a copy.
   *
   * @remarks
   * What it throws is the error of the write, with outcome `not-applied`; an error of somebody else becomes code `failed`. What has
   * become larger than the `maxBytes` of the handler inside is refused as `too_large`.
   */
  encode?(data: Uint8Array, operation: Operation): MaybePromise<Uint8Array>;
  /**
   * Undoes `encode`: on what is read, and on the `current` of a refused write or destroy. `data` is a copy.
   *
   * @remarks
   * An error of somebody else becomes code `corrupt`. The version is that of the handler inside.
   */
  decode?(data: Uint8Array, operation: Operation): MaybePromise<Uint8Array>;
  /**
   * The most bytes that a session may have outside, before `encode`: more is refused as `too_large`.
   *
   * @defaultValue what the handler inside says; with `encode`, nothing is said
   */
  readonly maxBytes?: number | undefined;
}

/**
 * Puts hooks around every method of a handler: the one mechanism of all decorators.
 *
 * @remarks
 * The decorated handler keeps what every handler promises, whatever the hooks do: arguments are checked before them, a caller who gives
 * up is answered at once, closing ends what waits and passes through once, and the methods of a connection and of listing are there just
 * when the handler inside has them.
 *
 * @throws `RangeError` or `TypeError` for a handler or hooks that cannot be used.
 *
 * @public
 */
export function decorateHandler<H extends SessionHandler>(handler: H, hooks: DecoratorHooks): Decorated<H> {
  checkMethods("The handler inside", handler, ["read", "write", "touch", "destroy", "close"]);
  checkHooks(hooks);
  const inner: SessionHandler & Partial<NetworkedSessionHandler & ListingSessionHandler> = handler;
  const { maxBytes = hooks.encode ? undefined : inner.maxBytes } = hooks;
  const codec = hooks.encode || hooks.decode ? new Codec(hooks, inner.maxBytes) : undefined;
  let closing: Promise<void> | undefined;
  let isClosed = false;
  const host: OperationHost = {
    waiting: new CallRegistry(systemClock),
    get isClosed() {
      return isClosed;
    },
    around: (operation, next) => hooks.operation?.(operation, next) ?? next(),
  };

  const decorated: SessionHandler = {
    async read(id, options) {
      checkRead(id, options);
      const operation = new RunningOperation(host, "read", id, options);
      return operation.run((passed) => {
        const stored = operation.send(() => inner.read(id, passed));
        return codec ? heard(codec.decoded(stored, operation)) : stored;
      });
    },
    async write(id, data, options) {
      checkWrite(id, data, options);
      checkSize(data, hooks.maxBytes);
      const operation = new RunningOperation(host, "write", id, options, data);
      if (!codec) return operation.run((passed) => operation.send(() => inner.write(id, operation.data, passed)));
      operation.keepArguments();
      return operation.run((passed) => {
        const send = (encoded: Uint8Array) => operation.send(() => inner.write(id, encoded, passed));
        return heard(codec.decodedResult(codec.encoded(operation).then(send), operation));
      });
    },
    async touch(id, ttlSeconds, options) {
      checkTouch(id, ttlSeconds);
      const operation = new RunningOperation(host, "touch", id, options);
      return operation.run((passed) => operation.send(() => inner.touch(id, ttlSeconds, passed)));
    },
    async destroy(id, options) {
      checkDestroy(id, options);
      const operation = new RunningOperation(host, "destroy", id, options);
      return operation.run((passed) => {
        const result = operation.send(() => inner.destroy(id, passed));
        return codec ? heard(codec.decodedResult(result, operation)) : result;
      });
    },
    close() {
      isClosed = true;
      closing ??= closeAll();
      return closing;
    },
    [Symbol.asyncDispose]: () => decorated.close(),
  };
  const limit = maxBytes === undefined ? {} : { maxBytes };
  // What is assigned follows what `handler` has, which the type says but the compiler cannot see.
  return Object.assign(decorated, limit, connectionMethods(), listMethod()) as Decorated<H>;

  function listMethod(): Partial<Pick<ListingSessionHandler, ListingMethod>> {
    const { list } = inner;
    if (!list) return {};
    return {
      async list(options) {
        checkList(options);
        const operation = new RunningOperation(host, "list", undefined, options);
        return operation.run((passed) => operation.send(() => list.call(inner, passed)));
      },
    };
  }

  function connectionMethods(): Partial<Pick<NetworkedSessionHandler, ConnectionMethod>> {
    const { ping, reconnect, connectionOf } = inner;
    return {
      ...(ping && {
        ping: (options = {}) => connection("ping", (passed = options) => ping.call(inner, passed), options),
      }),
      ...(reconnect && {
        reconnect: (options = {}) =>
          connection("reconnect", (passed = options) => reconnect.call(inner, passed), options),
      }),
      ...(connectionOf && { connectionOf: (id) => connectionOf.call(inner, id) }),
    };
  }

  async function connection(
    method: "ping" | "reconnect",
    next: (options?: ConnectionOptions) => Promise<void>,
    options: ConnectionOptions,
  ): Promise<void> {
    if (isClosed) throw closedError("The handler");
    checkSignal(options.signal);
    try {
      await (hooks[method]?.(next, options) ?? next());
    } catch (error) {
      throw wrapForeignError(error, "The handler", undefined);
    }
  }

  async function closeInner(): Promise<void> {
    try {
      await inner.close();
    } catch (error) {
      throw wrapForeignError(error, "The handler", undefined);
    }
  }

  /** What waits is ended first; the handler inside ends what is under way there. */
  async function closeAll(): Promise<void> {
    host.waiting.giveUpAll((outcome) => closedError("The handler", outcome));
    let closed: Promise<void> | undefined;
    const next = () => {
      closed ??= closeInner();
      return closed;
    };
    try {
      await hooks.close?.(next);
    } catch (error) {
      throw wrapForeignError(error, "The handler", undefined);
    } finally {
      if (!closed) await next();
    }
  }
}

function checkHooks(hooks: DecoratorHooks): void {
  checkOptionNames("The decorator", hooks, [...hookNames, "maxBytes"]);
  checkMethods(
    "The decorator",
    hooks,
    hookNames.filter((name) => hooks[name] !== undefined),
  );
  if (hooks.maxBytes !== undefined) checkCount("maxBytes", hooks.maxBytes, 1, MAX_BYTES);
}

const hookNames = ["operation", "ping", "reconnect", "close", "encode", "decode"] as const;
