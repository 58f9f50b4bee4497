import assert from "node:assert/strict";
import type { ConnectionCheckOptions, Decorated, NetworkedSessionHandler, SessionHandler } from "sessionwire";
import { type SimulatedNetwork, type SimulatedNetworkOptions, simulateNetwork } from "../../simulated-network.ts";
import { createVirtualClock, type VirtualClock } from "../../virtual-clock.ts";
import { bytes, watch } from "../law.ts";

/**
 * Checks a connection before use: `withConnectionCheck`, or a replacement for it.
 *
 * @public
 */
export type WithConnectionCheck = <H extends SessionHandler>(
  handler: H & Partial<NetworkedSessionHandler>,
  options?: ConnectionCheckOptions,
) => Decorated<H>;

export const create = { replaces: undefined, ttlSeconds: 3600 };

/** Idle time in milliseconds after which a connection is checked. */
export const N = 20_000;

/** A checked handler on a network that can be broken. */
export interface Fixture {
  readonly network: SimulatedNetwork;
  readonly handler: NetworkedSessionHandler;
  readonly clock: VirtualClock;
}

/** Creates a checked handler that has not been used yet. */
export function unused(
  withConnectionCheck: WithConnectionCheck,
  options: ConnectionCheckOptions = {},
  networkOptions: Partial<SimulatedNetworkOptions> = {},
): Fixture {
  const clock = createVirtualClock();
  const network = simulateNetwork({ clock, timeoutMs: 2000, ...networkOptions });
  return { clock, network, handler: withConnectionCheck(network.handler, { clock, ...options }) };
}

/** Creates a checked handler that has just created session a. */
export async function setUp(...args: Parameters<typeof unused>): Promise<Fixture> {
  const fixture = unused(...args);
  await done(fixture.handler.write("a", bytes("data"), create), fixture.clock);
  return fixture;
}

/** Resolves with the result of the call, which must settle within this many milliseconds. */
export async function done<T>(promise: Promise<T>, clock: VirtualClock, withinMs = 10): Promise<T> {
  const call = watch(promise);
  for (let passed = 0; passed < withinMs && call.state === "pending"; passed += 1) await clock.advance(1);
  if (call.state === "rejected") throw call.error;
  assert.equal(call.state, "resolved", `Not settled after ${withinMs} ms.`);
  return call.value as T; // it is set once the call has resolved
}

/** Returns the events on the network, in order. */
export function trail(network: SimulatedNetwork): string[] {
  return network.events.map(({ kind, event }) => `${kind} ${event}`);
}
