import type { NetworkedSessionHandler } from "sessionwire";
import type { NetworkedSessionBackend } from "sessionwire/backend";

/** Returns a networked handler that holds no session and does nothing, except for the methods given. */
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

/** Never answers. It serves as a handler and as a backend. */
export const hanging: Record<Exclude<keyof NetworkedSessionBackend, "connectionOf">, () => Promise<never>> = {
  read: never,
  write: never,
  touch: never,
  destroy: never,
  ping: never,
  reconnect: never,
  close: never,
};
