import type { Clock } from "../clock.ts";
import type { NetworkedSessionHandler } from "../handler.ts";
import { ConnectionState } from "./connection-state.ts";

/** The states of a handler's connections, by name. The state without a name is that of all connections together. */
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

  /** Returns the known connections that have names. */
  named(): (readonly [connection: string, state: ConnectionState])[] {
    return [...this.#states].flatMap(([name, state]) => (name === undefined ? [] : [[name, state] as const]));
  }

  /** Runs a ping or a reconnection, and reports its result to the states that it affects. */
  observe(connection: string | undefined, use: () => Promise<void>): Promise<void> {
    const observed = this.#affectedBy(connection);
    return observed.reduce((observing, state) => () => state.observe(observing), use)();
  }

  /** Records a reconnection: new connections have replaced the old ones, and work. */
  renew(connection: string | undefined): void {
    for (const state of this.#affectedBy(connection)) state.renew();
  }

  /** Returns the states affected by a ping or a reconnection: all of them if it names no connection. */
  #affectedBy(connection: string | undefined): ConnectionState[] {
    if (connection === undefined && this.#handler.connectionOf) return [...this.#states.values()];
    return [this.of(connection)];
  }
}
