import { type NetworkedSessionHandler, SessionError, type SessionErrorCode, type SessionHandler } from "sessionwire";

/**
 * Decides on one call: carries it out by `apply`, or not, and settles as the call is to settle.
 *
 * @public
 */
export type CallBehaviour = (apply: () => Promise<unknown>) => Promise<unknown>;

/**
 * The methods whose calls a {@link ScriptedHandler} can treat in a way of its own.
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
  /** The time to live that came with it. */
  readonly ttlSeconds?: number | undefined;
}

/**
 * A call that does not go on until it is released.
 *
 * @public
 */
export interface HeldCall {
  /** Resolves when the call is there. */
  readonly arrived: Promise<void>;
  /** Lets the call go on to a behaviour, or else to be carried out. */
  release(behaviour?: CallBehaviour): void;
}

/**
 * A handler on which a test decides on single calls. All others are carried out.
 *
 * @public
 */
export interface ScriptedHandler extends NetworkedSessionHandler {
  /** The calls received, in order; a test may remove those it has looked at. */
  readonly calls: ScriptedCall[];
  /** `true` once the handler has been closed. The store behind it is left open. */
  readonly isClosed: boolean;
  /** Decides on the next call of a method, after those that are decided on already; or on several. */
  next(method: ScriptedMethod, behaviour: CallBehaviour, times?: number): void;
  /** Holds that call until it is released. */
  hold(method: ScriptedMethod): HeldCall;
  /** Counts the calls received of a method. */
  count(method: ScriptedMethod): number;
}

/**
 * Puts a script between a caller and a store.
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
    return behaviour === undefined ? apply() : ((await behaviour(apply)) as T); // what it answers is up to the test
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
 * The call is carried out, and its reply is lost.
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
 * The call is not carried out, and its caller cannot tell.
 *
 * @public
 */
export function losesRequest(code: SessionErrorCode = "unavailable"): CallBehaviour {
  return async () => {
    throw new SessionError(code, "The request was lost.", { outcome: "unknown" });
  };
}

/**
 * The call is not carried out, and its caller knows.
 *
 * @public
 */
export function refuses(code: SessionErrorCode = "unavailable"): CallBehaviour {
  return async () => {
    throw new SessionError(code, "It was refused.", { outcome: "not-applied" });
  };
}

function gate<T>(): { readonly opened: Promise<T>; open(value: T): void } {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
