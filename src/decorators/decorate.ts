import { type Abortion, abortedError, closedError, type RunningCall } from "../backend/call.ts";
import {
  checkDestroy,
  checkList,
  checkMethods,
  checkRead,
  checkSignal,
  checkTouch,
  checkWrite,
} from "../backend/checks.ts";
import { abortionOf, linkOptions } from "../backend/linked-options.ts";
import { isSessionError, SessionError } from "../errors.ts";
import type {
  ConnectionOptions,
  ListingSessionHandler,
  NetworkedSessionHandler,
  OperationOptions,
  SessionHandler,
} from "../handler.ts";

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

/** A read, write, touch, destroy or list on its way through a decorator. */
export interface Operation {
  /** Absent for a listing, which concerns the whole store. */
  readonly id: string | undefined;
  /** Whether it changes anything: a write, a touch or a destroy. */
  readonly changes: boolean;
  readonly abortion: Abortion | undefined;
  /** Copies what the caller may change in the meantime. Needed before an operation is kept waiting. */
  keepArguments(): void;
}

/** What a decorator does around the calls of the handler inside. What it leaves out passes through. */
export interface Layer {
  /** `next` passes the operation on; as a part of the call given, or else with the caller's options as they are. */
  operation<T>(operation: Operation, next: (call?: RunningCall) => Promise<T>): Promise<T>;
  ping?(next: (options?: ConnectionOptions) => Promise<void>, options: ConnectionOptions): Promise<void>;
  reconnect?(next: (options?: ConnectionOptions) => Promise<void>, options: ConnectionOptions): Promise<void>;
  close?(next: () => Promise<void>): Promise<void>;
}

/** Puts `layer` around every method of `handler`: the one mechanism of all decorators. */
export function decorate<H extends SessionHandler>(handler: H, layer: Layer): Decorated<H> {
  checkMethods("The handler inside", handler, ["read", "write", "touch", "destroy", "close"]);
  const inner: SessionHandler & Partial<NetworkedSessionHandler & ListingSessionHandler> = handler;
  let closing: Promise<void> | undefined;

  const decorated: SessionHandler = {
    async read(id, options) {
      checkRead(id, options);
      const passed = new PassedOn(id, false, options);
      return around(passed, (call) => inner.read(id, passed.optionsWith(call)));
    },
    async write(id, data, options) {
      checkWrite(id, data, options);
      const passed = new PassedOn(id, true, options, data);
      return around(passed, (call) => inner.write(id, passed.data, passed.optionsWith(call)));
    },
    async touch(id, ttlSeconds, options) {
      checkTouch(id, ttlSeconds);
      const passed = new PassedOn(id, true, options);
      return around(passed, (call) => inner.touch(id, ttlSeconds, passed.optionsWith(call)));
    },
    async destroy(id, options) {
      checkDestroy(id, options);
      const passed = new PassedOn(id, true, options);
      return around(passed, (call) => inner.destroy(id, passed.optionsWith(call)));
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
    [Symbol.asyncDispose]: () => decorated.close(),
  };
  const limit = inner.maxBytes === undefined ? {} : { maxBytes: inner.maxBytes };
  // What is assigned follows what `handler` has, which the type says but the compiler cannot see.
  return Object.assign(decorated, limit, connectionMethods(), listMethod()) as Decorated<H>;

  async function around<T>(operation: Operation, passOn: (call: RunningCall | undefined) => Promise<T>): Promise<T> {
    const { changes, abortion } = operation;
    const refusal = () => {
      if (closing) return closedError("The handler", changes ? "not-applied" : undefined);
      return abortion?.aborted ? abortedError(abortion, changes ? "not-applied" : undefined) : undefined;
    };
    const refused = refusal();
    if (refused) throw refused;
    try {
      return await layer.operation(operation, async (replacement) => {
        const refusedMeanwhile = refusal();
        if (refusedMeanwhile) throw refusedMeanwhile;
        return passOn(replacement);
      });
    } catch (error) {
      throw known(error, changes);
    }
  }

  function listMethod(): Partial<Pick<ListingSessionHandler, ListingMethod>> {
    const { list } = inner;
    if (!list) return {};
    return {
      async list(options) {
        checkList(options);
        const passed = new PassedOn(undefined, false, options);
        return around(passed, (call) => list.call(inner, passed.optionsWith(call)));
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
    if (closing) throw closedError("The handler");
    checkSignal(options.signal);
    try {
      await (layer[method]?.(next, options) ?? next());
    } catch (error) {
      throw known(error, false);
    }
  }

  async function closeAll(): Promise<void> {
    const next = async () => inner.close();
    await (layer.close?.(next) ?? next());
  }
}

class PassedOn<Options extends OperationOptions | undefined> implements Operation {
  readonly id: string | undefined;
  readonly changes: boolean;
  readonly abortion: Abortion | undefined;
  data: Uint8Array;
  #options: Options;

  constructor(id: string | undefined, changes: boolean, options: Options, data: Uint8Array = noData) {
    this.id = id;
    this.changes = changes;
    this.abortion = abortionOf(options);
    this.data = data;
    this.#options = options;
  }

  keepArguments(): void {
    if (this.data.byteLength > 0) this.data = new Uint8Array(this.data);
    this.#options = this.#options && { ...this.#options };
  }

  optionsWith(call: RunningCall | undefined): Options {
    return call === undefined ? this.#options : linkOptions(this.#options, call);
  }
}

const noData = new Uint8Array();

/** Errors of the package and wrong arguments pass as they are; what a foreign handler throws is wrapped, once. */
function known(error: unknown, changes: boolean): unknown {
  if (isSessionError(error) || error instanceof RangeError || error instanceof TypeError) return error;
  return new SessionError("failed", "The handler failed in an unexpected way.", {
    cause: error,
    outcome: changes ? "unknown" : undefined,
  });
}
