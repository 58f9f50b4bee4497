import { type NetworkedSessionHandler, SessionError, type SessionHandler } from "sessionwire";
import { type Call, createGuardedHandler, type NetworkedSessionBackend } from "sessionwire/backend";
import { createReferenceHandler } from "./reference-handler.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/**
 * An event that a handler caused on the network.
 *
 * @public
 */
export interface NetworkEvent {
  /** The kind of event. */
  readonly kind: "ping" | "reconnect" | "operation";
  /** Its stage. */
  readonly event: "start" | "success" | "failure";
  /** Its time, by the clock's monotonic time in ms. */
  readonly atMs: number;
  /** Its connection; `"the one"` if there is only one. */
  readonly connection: string;
  /** The id of the operation. */
  readonly id?: string;
}

/**
 * A store in this process behind a network that can be broken; it behaves like a driver without any precautions. Time
 * is virtual.
 *
 * @public
 */
export interface SimulatedNetwork {
  /** The handler at the near end. */
  readonly handler: NetworkedSessionHandler;
  /** The store at the far end, undisturbed by the network. */
  readonly store: SessionHandler;
  /** The events caused by the handler, in order. */
  readonly events: NetworkEvent[];
  /** The number of requests that the store has executed. */
  readonly executed: number;
  /** The delay of a message in each direction, in ms. */
  latencyMs: number;
  /** The treatment of new connections. */
  newConnections: "pass" | "silent" | "refuse";
  /** `true` while requests are executed and their replies are lost. */
  loseReplies: boolean;
  /** Determines the fate of each message individually, instead of the two above. */
  fate: (() => { readonly latencyMs: number; readonly lost: boolean }) | undefined;
  /** The answer to a ping, instead of success. */
  pingError: Error | undefined;
  /** The answer to an operation, instead of executing it. */
  operationError: Error | undefined;
  /** Silently drops the existing connection, or the one of that name, for good. */
  silence(connection?: string): void;
  /** The number of open connections. */
  readonly open: number;
  /** `true` once the handler has been closed. */
  readonly closed: boolean;
}

/**
 * The options of {@link simulateNetwork}.
 *
 * @public
 */
export interface SimulatedNetworkOptions {
  /** The clock by which messages take their time. */
  readonly clock: VirtualClock;
  /** The store at the far end. @defaultValue a {@link createReferenceHandler} */
  readonly store?: SessionHandler;
  /**
   * The function that creates the handler at the near end from its backend. @defaultValue `createGuardedHandler` of the
   * core
   */
  readonly createGuardedHandler?: typeof createGuardedHandler;
  /** The deadline of the handler itself in ms; absent: it waits forever. */
  readonly timeoutMs?: number | undefined;
  /** Assigns ids to several connections. */
  readonly connectionOf?: (id: string) => string;
}

/**
 * Places a store behind a network on which each message can be delayed or lost.
 *
 * @public
 */
export function simulateNetwork(options: SimulatedNetworkOptions): SimulatedNetwork {
  const { clock, timeoutMs, connectionOf, store = createReferenceHandler({ clock }) } = options;
  const guard = options.createGuardedHandler ?? createGuardedHandler;
  const links = new Map<string, { silent: boolean }>();
  const events: NetworkEvent[] = [];
  const never = new Promise<never>(() => {});

  const backend: NetworkedSessionBackend = {
    read: (id, ttlSeconds, call) => operation(id, call, () => store.read(id, { ttlSeconds })),
    write: (id, data, condition, call) => operation(id, call, () => store.write(id, data, condition)),
    touch: (id, ttlSeconds, call) => operation(id, call, () => store.touch(id, ttlSeconds)),
    destroy: (id, replaces, call) => operation(id, call, () => store.destroy(id, { replaces })),
    ping: (connection = "the one", call) =>
      traced("ping", connection, undefined, () =>
        roundTrip(connection, call, async () => {
          if (network.pingError) throw network.pingError;
        }),
      ),
    reconnect: (connection = "the one", call) =>
      traced("reconnect", connection, undefined, async () => {
        links.delete(connection);
        await connect(connection);
        if (call.ended) links.delete(connection);
      }),
    close() {
      network.closed = true;
      links.clear();
    },
    ...(connectionOf && { connectionOf }),
  };

  const network = {
    handler: guard(backend, {
      name: "The simulated store",
      clock,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }),
    store,
    events,
    executed: 0,
    latencyMs: 1,
    newConnections: "pass" as SimulatedNetwork["newConnections"],
    loseReplies: false,
    fate: undefined as SimulatedNetwork["fate"],
    pingError: undefined as Error | undefined,
    operationError: undefined as Error | undefined,
    closed: false,
    silence(connection?: string) {
      for (const [name, link] of links) if (connection === undefined || name === connection) link.silent = true;
    },
    get open() {
      return links.size;
    },
  };
  return network;

  async function operation<T>(id: string, call: Call, execute: () => Promise<T>): Promise<T> {
    call.notSentYet();
    const connection = connectionOf?.(id) ?? "the one";
    return traced("operation", connection, id, () =>
      roundTrip(connection, call, () => (network.operationError ? Promise.reject(network.operationError) : execute())),
    );
  }

  async function roundTrip<T>(connection: string, call: Call, execute: () => Promise<T>): Promise<T> {
    const link = links.get(connection) ?? (await connect(connection));
    return call.send(async () => {
      await travel(link);
      network.executed += 1;
      const executed = execute();
      executed.catch(() => {}); // a lost reply is not awaited
      if (network.loseReplies) return never;
      await travel(link);
      return executed;
    });
  }

  async function travel(link: { silent: boolean }): Promise<void> {
    const { latencyMs, lost } = network.fate?.() ?? { latencyMs: network.latencyMs, lost: false };
    if (link.silent || lost) return never;
    await delay(latencyMs);
    if (link.silent) return never;
  }

  async function connect(connection: string): Promise<{ silent: boolean }> {
    await delay(network.latencyMs);
    if (network.newConnections === "refuse") throw new SessionError("unavailable", "Connection refused.");
    if (network.newConnections === "silent") return never;
    const link = { silent: false };
    links.set(connection, link);
    return link;
  }

  function delay(ms: number): Promise<void> {
    return new Promise((resolve) => clock.schedule(resolve, ms));
  }

  async function traced<T>(
    kind: NetworkEvent["kind"],
    connection: string,
    id: string | undefined,
    run: () => Promise<T>,
  ): Promise<T> {
    const note = (event: NetworkEvent["event"]) =>
      events.push({ kind, event, atMs: clock.monotonic(), connection, ...(id === undefined ? {} : { id }) });
    note("start");
    try {
      const result = await run();
      note("success");
      return result;
    } catch (error) {
      note("failure");
      throw error;
    }
  }
}

/**
 * Returns the number of times that an event started.
 *
 * @public
 */
export function started(network: SimulatedNetwork, kind: NetworkEvent["kind"]): number {
  return network.events.filter((event) => event.kind === kind && event.event === "start").length;
}
