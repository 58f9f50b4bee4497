import { type NetworkedSessionHandler, SessionError, type SessionErrorCode, type SessionHandler } from "sessionwire";

/**
 * Determines the fate of one call: carries it out by `apply`, or not, and settles as the call should settle.
 *
 * @public
 */
export type CallBehaviour = (apply: () => Promise<unknown>) => Promise<unknown>;

/**
 * The methods whose calls a {@link ScriptedHandler} can treat individually.
 *
 * @public
 */
export type ScriptedMethod = "read" | "write" | "touch" | "destroy" | "reconnect";

/**
 * A call that a {@link ScriptedHandler} has received.
 *
 * @public
 */
export interface ScriptedCall {
  /** The method. */
  readonly method: ScriptedMethod;
  /** The key; empty for a reconnect. */
  readonly key: string;
  /** The time to live of the call. */
  readonly ttlSeconds?: number | undefined;
}

/**
 * A call that is held until it is released.
 *
 * @public
 */
export interface HeldCall {
  /** Resolves when the call has arrived. */
  readonly arrived: Promise<void>;
  /** Releases the call to a behaviour, or by default to be carried out. */
  release(behaviour?: CallBehaviour): void;
}

/**
 * A handler on which a test determines the fate of single calls. All others are carried out.
 *
 * @public
 */
export interface ScriptedHandler extends NetworkedSessionHandler {
  /** The calls received, in order; a test may remove those it has examined. */
  readonly calls: ScriptedCall[];
  /** `true` once the handler has been closed. The store behind it stays open. */
  readonly isClosed: boolean;
  /** Determines the fate of the next call of a method, or of several, after those already determined. */
  next(method: ScriptedMethod, behaviour: CallBehaviour, times?: number): void;
  /** Holds that call until it is released. */
  hold(method: ScriptedMethod): HeldCall;
  /** Returns the number of calls received of a method. */
  count(method: ScriptedMethod): number;
}

/**
 * Places a script between a caller and a store.
 *
 * @example
 * ```ts
 * const handler = createScriptedHandler(createReferenceHandler());
 * const write = handler.hold("write");
 * const saving = session.save();
 * await write.arrived;
 * write.release(losesReply());
 * ```
 *
 * @public
 */
export function createScriptedHandler(store: SessionHandler): ScriptedHandler {
  const behaviours = new Map<ScriptedMethod, CallBehaviour[]>();
  const calls: ScriptedCall[] = [];
  let isClosed = false;

  async function act<T>(call: ScriptedCall, apply: () => Promise<T>): Promise<T> {
    calls.push(call);
    const behaviour = behaviours.get(call.method)?.shift();
    return behaviour === undefined ? apply() : ((await behaviour(apply)) as T); // the test determines its answer
  }

  function next(method: ScriptedMethod, behaviour: CallBehaviour, times = 1): void {
    const queue = behaviours.get(method) ?? [];
    behaviours.set(method, [...queue, ...Array.from({ length: times }, () => behaviour)]);
  }

  return {
    calls,
    get isClosed() {
      return isClosed;
    },
    next,
    hold(method) {
      const arrival = gate<void>();
      const departure = gate<CallBehaviour>();
      next(method, async (apply) => {
        arrival.open();
        return (await departure.opened)(apply);
      });
      return { arrived: arrival.opened, release: (behaviour = (apply) => apply()) => departure.open(behaviour) };
    },
    count: (method) => calls.filter((call) => call.method === method).length,
    read: (key, options) =>
      act({ method: "read", key, ttlSeconds: options?.ttlSeconds }, () => store.read(key, options)),
    write: (key, data, options) =>
      act({ method: "write", key, ttlSeconds: options.ttlSeconds }, () => store.write(key, data, options)),
    touch: (key, ttlSeconds, options) =>
      act({ method: "touch", key, ttlSeconds }, () => store.touch(key, ttlSeconds, options)),
    destroy: (key, options) => act({ method: "destroy", key }, () => store.destroy(key, options)),
    ping: async () => {},
    reconnect: () => act({ method: "reconnect", key: "" }, async () => {}),
    async close() {
      isClosed = true;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/**
 * Carries out the call, and loses its reply.
 *
 * @public
 */
export function losesReply(code: SessionErrorCode = "unavailable"): CallBehaviour {
  return async (apply) => {
    await apply();
    throw new SessionError(code, "The reply was lost.", { outcome: "unknown" });
  };
}

/**
 * Does not carry out the call, without letting its caller know.
 *
 * @public
 */
export function losesRequest(code: SessionErrorCode = "unavailable"): CallBehaviour {
  return async () => {
    throw new SessionError(code, "The request was lost.", { outcome: "unknown" });
  };
}

/**
 * Does not carry out the call, and tells its caller so.
 *
 * @public
 */
export function refuses(code: SessionErrorCode = "unavailable"): CallBehaviour {
  return async () => {
    throw new SessionError(code, "The request was refused.", { outcome: "not-applied" });
  };
}

function gate<T>(): { readonly opened: Promise<T>; open(value: T): void } {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
