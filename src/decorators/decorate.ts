import { attempt } from "../backend/call.ts";
import { checkDestroy, checkList, checkRead, checkSize, checkTouch, checkWrite } from "../backend/call-checks.ts";
import { closedError } from "../backend/call-errors.ts";
import { checkMethods, checkSignal } from "../backend/checks.ts";
import { wrapForeignError } from "../errors.ts";
import type { ConnectionOptions, ListingSessionHandler, NetworkedSessionHandler, SessionHandler } from "../handler.ts";
import { Codec } from "./codec.ts";
import { DecoratedOperation } from "./decorated-operation.ts";
import { HookedOperations, type OperationRunner } from "./hooked-operations.ts";
import { checkHooks, type DecoratorHooks, type KeyHooks } from "./hooks.ts";
import { keyMapping } from "./key-mapping.ts";

/**
 * The connection methods of a handler. They pass through every decorator.
 *
 * @public
 */
export type ConnectionMethod = Exclude<keyof NetworkedSessionHandler, keyof SessionHandler>;

/**
 * The listing method of a handler. It passes through every decorator that leaves ids alone.
 *
 * @public
 */
export type ListingMethod = Exclude<keyof ListingSessionHandler, keyof SessionHandler>;

/**
 * A decorated handler. It has the connection and listing methods of the handler inside, if that has them. No other
 * method passes through. One that changes keys has the connection methods only: `Decorated<H, ConnectionMethod>`.
 *
 * @public
 */
export type Decorated<
  H extends SessionHandler,
  Methods extends ConnectionMethod | ListingMethod = ConnectionMethod | ListingMethod,
> = SessionHandler & Pick<H, Extract<keyof H, Methods>>;

/**
 * Adds hooks around every method of a handler: the one mechanism of all decorators.
 *
 * @remarks
 * The decorated handler keeps the guarantees of every handler, whatever the hooks do. Arguments are checked first. A
 * caller that gives up is answered at once. Closing ends waiting operations and is passed on once. The connection and
 * listing methods exist exactly when the handler inside has them; with a `key` hook, there is no listing.
 *
 * @throws `RangeError` or `TypeError` for an invalid handler or hook.
 *
 * @public
 */
export function decorateHandler<H extends SessionHandler>(handler: H, hooks: KeyHooks): Decorated<H, ConnectionMethod>;
/**
 * Adds hooks around every method of a handler.
 *
 * @public
 */
export function decorateHandler<H extends SessionHandler>(handler: H, hooks: DecoratorHooks): Decorated<H>;
export function decorateHandler<H extends SessionHandler>(handler: H, hooks: DecoratorHooks): Decorated<H> {
  return decorateWith(handler, hooks, (inner) => {
    const codec = hooks.encode || hooks.decode ? new Codec(hooks, inner.maxBytes) : undefined;
    return new HookedOperations(hooks, codec);
  });
}

/** Decorates a handler, with another runner of the operations than that of the hooks. */
export function decorateWith<H extends SessionHandler>(
  handler: H,
  hooks: DecoratorHooks & Partial<KeyHooks>,
  createRunner: (inner: SessionHandler) => OperationRunner,
): Decorated<H> {
  checkMethods("The handler inside", handler, ["read", "write", "touch", "destroy", "close"]);
  checkHooks(hooks);
  const inner: SessionHandler & Partial<NetworkedSessionHandler & ListingSessionHandler> = handler;
  const { maxBytes = hooks.encode ? undefined : inner.maxBytes } = hooks;
  const operations = createRunner(inner);
  const keyOf = keyMapping(hooks);
  let closing: Promise<void> | undefined;
  let isClosed = false;

  const decorated: SessionHandler = {
    read: (id, options) =>
      attempt(() => {
        checkRead(id, options);
        const key = keyOf(id);
        const operation = new DecoratedOperation("read", id, options);
        return operations.run(operation, (passed) => inner.read(key, passed));
      }),
    write: (id, data, options) =>
      attempt(() => {
        checkWrite(id, data, options);
        checkSize(data, hooks.maxBytes);
        const key = keyOf(id, "not-applied");
        const operation = new DecoratedOperation("write", id, options, data);
        return operations.run(operation, (passed, bytes) => inner.write(key, bytes, passed));
      }),
    touch: (id, ttlSeconds, options) =>
      attempt(() => {
        checkTouch(id, ttlSeconds);
        const key = keyOf(id, "not-applied");
        const operation = new DecoratedOperation("touch", id, options);
        return operations.run(operation, (passed) => inner.touch(key, ttlSeconds, passed));
      }),
    destroy: (id, options) =>
      attempt(() => {
        checkDestroy(id, options);
        const key = keyOf(id, "not-applied");
        const operation = new DecoratedOperation("destroy", id, options);
        return operations.run(operation, (passed) => inner.destroy(key, passed));
      }),
    close() {
      isClosed = true;
      closing ??= closeAll();
      return closing;
    },
    [Symbol.asyncDispose]: () => decorated.close(),
  };
  const limit = maxBytes === undefined ? {} : { maxBytes };
  // The assigned methods follow those of `handler`, which the type expresses but the compiler cannot see.
  return Object.assign(decorated, limit, connectionMethods(), listMethod()) as Decorated<H>;

  function listMethod(): Partial<Pick<ListingSessionHandler, ListingMethod>> {
    const { list } = inner;
    if (!list || hooks.key) return {};
    return {
      list: (options) =>
        attempt(() => {
          checkList(options);
          const operation = new DecoratedOperation("list", undefined, options);
          return operations.run(operation, (passed) => list.call(inner, passed));
        }),
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
      ...(connectionOf && { connectionOf: (id) => connectionOf.call(inner, keyOf(id)) }),
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

  /** Ends the waiting operations first; the handler inside ends those that it has received. */
  async function closeAll(): Promise<void> {
    operations.close();
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
