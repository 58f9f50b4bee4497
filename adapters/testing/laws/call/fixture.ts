import type { ListingSessionHandler, SessionHandler, Version } from "sessionwire";
import type {
  Call,
  createGuardedHandler,
  GuardedHandlerOptions,
  ListingSessionBackend,
  SessionBackend,
} from "sessionwire/backend";
import { type SimulatedNetwork, type SimulatedNetworkOptions, simulateNetwork } from "../../simulated-network.ts";
import { createVirtualClock, type VirtualClock } from "../../virtual-clock.ts";

/**
 * Creates a handler from the atomic steps of a store: `createGuardedHandler`, decorated or not, or a replacement for
 * it.
 *
 * @public
 */
export type CreateHandler = (backend: SessionBackend, options: GuardedHandlerOptions) => SessionHandler;

export const create = { replaces: undefined, ttlSeconds: 60 };

/** Creates a handler on a network that can be broken, with a deadline of two seconds. */
export function setUp(createHandler: CreateHandler): { clock: VirtualClock; network: SimulatedNetwork } {
  const clock = createVirtualClock();
  return { clock, network: simulateNetworkOf(createHandler, { clock, timeoutMs: 2000 }) };
}

/** Creates a network with such a handler at the near end. */
export function simulateNetworkOf(createHandler: CreateHandler, options: SimulatedNetworkOptions): SimulatedNetwork {
  // A handler has all capabilities of its backend, although its type does not say so.
  return simulateNetwork({ ...options, createGuardedHandler: createHandler as typeof createGuardedHandler });
}

/** Creates a handler that can list, because its backend can. */
export function createListing(
  createHandler: CreateHandler,
  backend: ListingSessionBackend,
  options: Partial<GuardedHandlerOptions> = {},
): ListingSessionHandler {
  return createHandler(backend, { name: "A store", ...options }) as ListingSessionHandler;
}

/** Returns changes that report being sent, and then fail or never end. */
export function changesThat(
  say: (call: Call) => void,
  failure?: Error,
): Pick<SessionBackend, "write" | "touch" | "destroy"> {
  const end = (call: Call) => {
    say(call);
    return failure ? Promise.reject(failure) : new Promise<never>(() => {});
  };
  return {
    write: (_key: string, _data: Uint8Array, _condition: object, call: Call) => end(call),
    touch: (_key: string, _ttlSeconds: number, call: Call) => end(call),
    destroy: (_key: string, _replaces: Version | undefined, call: Call) => end(call),
  };
}
