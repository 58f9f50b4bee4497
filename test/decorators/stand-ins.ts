import type { NetworkedSessionHandler } from "sessionwire";

/** A networked handler that holds no session and does nothing, but for the methods given. */
export function handlerWith(methods: Partial<NetworkedSessionHandler>): NetworkedSessionHandler {
  return {
    read: async () => undefined,
    write: async () => ({ written: false, current: undefined }),
    touch: async () => false,
    destroy: async () => ({ destroyed: false, current: undefined }),
    ping: async () => {},
    reconnect: async () => {},
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
    ...methods,
  };
}

const never = () => new Promise<never>(() => {});

/** Whatever it is asked, it never answers; as a handler and as a backend. */
export const hanging = {
  read: never,
  write: never,
  touch: never,
  destroy: never,
  ping: never,
  reconnect: never,
  close: never,
};

/** How far a promise has got, without waiting for it. */
export function watch(promise: Promise<unknown>): { state: "pending" | "resolved" | "rejected"; error?: unknown } {
  const watched: ReturnType<typeof watch> = { state: "pending" };
  promise.then(
    () => Object.assign(watched, { state: "resolved" }),
    (error: unknown) => Object.assign(watched, { state: "rejected", error }),
  );
  return watched;
}
