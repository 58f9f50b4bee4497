import type { Call, NetworkedSessionBackend, NetworkedSessionHandler, SessionHandler } from "sessionwire";
import type { Subject } from "./law.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Something that a handler did on the network, in the order in which it happened. */
export interface NetworkEvent {
  readonly kind: "ping" | "reconnect" | "operation";
  readonly event: "start" | "success" | "failure";
  readonly atMs: number;
  readonly connection: string;
  /** The id of the operation. */
  readonly id?: string;
}

/**
 * A store in this process behind a network that can be broken: what it does is what a driver without any care of its own
 * would do. Time is virtual.
 */
export interface SimulatedNetwork {
  readonly handler: NetworkedSessionHandler;
  readonly store: SessionHandler;
  readonly events: NetworkEvent[];
  /** How many requests the store has executed. */
  readonly executed: number;
  /** How long a message takes in each direction. */
  latencyMs: number;
  /** What becomes of a new connection. */
  newConnections: "pass" | "silent" | "refuse";
  /** Requests are executed and their replies never arrive. */
  loseReplies: boolean;
  /** Decides on each message by itself, in place of the two above. */
  fate: (() => { readonly latencyMs: number; readonly lost: boolean }) | undefined;
  /** What a ping is answered with, instead of success. */
  pingError: Error | undefined;
  /** What an operation is answered with, instead of being executed. */
  operationError: Error | undefined;
  /** The existing connection, or the one of that name, goes silent for ever. */
  silence(connection?: string): void;
  /** How many connections are open. */
  readonly open: number;
  readonly closed: boolean;
}

export interface SimulatedNetworkOptions {
  readonly subject: Subject;
  readonly clock: VirtualClock;
  /** The deadline of the handler itself; absent: it waits for ever. */
  readonly timeoutMs?: number | undefined;
  /** Several connections, and which one an id belongs to. */
  readonly connectionOf?: (id: string) => string;
}

export function simulateNetwork({
  subject,
  clock,
  timeoutMs,
  connectionOf,
}: SimulatedNetworkOptions): SimulatedNetwork {
  const store = subject.createMemoryHandler({ clock });
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
    handler: subject.createGuardedHandler(backend, {
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
      executed.catch(() => {}); // a reply that gets lost is not awaited
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
    if (network.newConnections === "refuse") throw new subject.SessionError("unavailable", "Connection refused.");
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

/** How often something was begun. */
export function started(network: SimulatedNetwork, kind: NetworkEvent["kind"]): number {
  return network.events.filter((event) => event.kind === kind && event.event === "start").length;
}
