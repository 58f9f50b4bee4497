import type { Clock } from "../clock.ts";
import type { NetworkedSessionHandler } from "../handler.ts";
import { ConnectionState } from "./connection-state.ts";

/** The states of the connections of a handler, by their names. Without a name, it is the state of all of them together. */
export class ConnectionStates {
  readonly #handler: Partial<NetworkedSessionHandler>;
  readonly #clock: Clock;
  readonly #states = new Map<string | undefined, ConnectionState>();

  constructor(handler: Partial<NetworkedSessionHandler>, clock: Clock) {
    this.#handler = handler;
    this.#clock = clock;
  }

  of(connection: string | undefined): ConnectionState {
    const known = this.#states.get(connection);
    if (known) return known;
    const state = new ConnectionState(this.#clock);
    this.#states.set(connection, state);
    return state;
  }

  /** The connections that have names, as far as they are known. */
  named(): (readonly [connection: string, state: ConnectionState])[] {
    return [...this.#states].flatMap(([name, state]) => (name === undefined ? [] : [[name, state] as const]));
  }

  /** Runs a ping or a reconnection, and lets the states that it tells something about learn how it ends. */
  observe(connection: string | undefined, use: () => Promise<void>): Promise<void> {
    const observed = this.#affectedBy(connection);
    return observed.reduce((observing, state) => () => state.observe(observing), use)();
  }

  /** Notes a reconnection: fresh connections have taken the place of the others, and work. */
  renew(connection: string | undefined): void {
    for (const state of this.#affectedBy(connection)) state.renew();
  }

  /** Returns the states affected by a ping or a reconnection: all of them if it names no connection. */
  #affectedBy(connection: string | undefined): ConnectionState[] {
    if (connection === undefined && this.#handler.connectionOf) return [...this.#states.values()];
    return [this.of(connection)];
  }
}
