import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { clear, createConveyor, createDirection, type Direction } from "./fault-proxy/direction.ts";
import { createRandom } from "./random.ts";

export type { Direction } from "./fault-proxy/direction.ts";

/**
 * The treatment of connections made from now on. `pass`: forwarded. `refuse`: reset at once. `silent`: accepted and
 * never answered, like those to a host that died behind a load balancer.
 *
 * @public
 */
export type NewConnections = "pass" | "refuse" | "silent";

/**
 * A TCP proxy that damages its traffic in the ways networks do.
 *
 * @public
 */
export interface FaultProxy extends AsyncDisposable {
  /** The port on the loopback interface on which it listens. */
  readonly port: number;
  /** Number of connections made to the proxy since its start, including refused ones. */
  readonly accepted: number;
  /**
   * Number of connections that the client has neither ended nor reset, as far as the proxy lets itself notice: silent
   * ones count.
   */
  readonly open: number;
  /** The treatment of new connections. @defaultValue `"pass"` */
  newConnections: NewConnections;
  /** The faults on the way to the server. */
  readonly requests: Direction;
  /** The faults on the way back. */
  readonly replies: Direction;
  /**
   * Silently drops all existing connections: from now on neither a byte nor an end goes through in either direction.
   */
  silence(): void;
  /** Resets all existing connections. */
  resetAll(): void;
  /** Ends all existing connections in an orderly way, like a server that shuts down. */
  finAll(): void;
  /**
   * Returns everything to normal. Connections that are silent or had bytes swallowed are reset: TCP never loses bytes
   * in the middle, so they cannot continue.
   */
  heal(): void;
  /** Resets all connections and accepts no new ones. */
  close(): Promise<void>;
}

/**
 * The target of a {@link FaultProxy}, and its seed.
 *
 * @public
 */
export interface FaultProxyOptions {
  /** The port of the server; read for each new connection, so that it may change. */
  readonly port: number;
  /** The host of the server. @defaultValue `"127.0.0.1"` */
  readonly host?: string;
  /** The seed of the jitter, which is reproducible. @defaultValue 1 */
  readonly seed?: number;
}

/** A client connection and its connection to the server. */
interface Link {
  readonly client: Socket;
  /** The connection to the server; absent if the client connection was silent from the start. */
  readonly server: Socket | undefined;
  isSilent: boolean;
  hasSwallowed: boolean;
  hasClientLeft: boolean;
}

/**
 * Starts a proxy in front of a server on a free port of the loopback interface.
 *
 * @public
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { host = "127.0.0.1", seed = 1 } = options;
  const links = new Set<Link>();
  const random = createRandom(seed);
  const [requests, replies] = [createDirection(), createDirection()];
  let accepted = 0;

  // Half-open, because by default a Node socket answers an end with an end of its own, which could not be withheld.
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  // the address of a listening TCP server is an object
  const { port } = listener.address() as AddressInfo;

  const proxy: FaultProxy = {
    port,
    requests,
    replies,
    get accepted() {
      return accepted;
    },
    get open() {
      return [...links].filter((link) => !link.hasClientLeft).length;
    },
    newConnections: "pass",
    silence() {
      for (const link of links) silence(link);
    },
    resetAll() {
      for (const link of links) reset(link);
    },
    finAll() {
      for (const link of links) link.client.end();
    },
    heal() {
      proxy.newConnections = "pass";
      for (const direction of [requests, replies]) clear(direction);
      for (const link of links) if (link.isSilent || link.hasSwallowed) reset(link);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
  return proxy;

  function accept(client: Socket): void {
    accepted += 1;
    client.on("error", () => {});
    if (proxy.newConnections === "refuse") {
      client.resetAndDestroy();
      return;
    }
    const isSilent = proxy.newConnections === "silent";
    const server = isSilent ? undefined : connect({ host, port: options.port, allowHalfOpen: true, noDelay: true });
    const link: Link = { client, server, isSilent, hasSwallowed: false, hasClientLeft: false };
    links.add(link);
    watch(link);
    if (server !== undefined) {
      relay(link, client, server, requests);
      relay(link, server, client, replies);
    }
  }

  function watch(link: Link): void {
    const { client, server } = link;
    const leave = () => {
      link.hasClientLeft = true;
    };
    client.on("end", leave).on("close", leave).resume();
    for (const socket of [client, server]) {
      socket?.on("close", (hadError) => {
        if (hadError && !link.isSilent) reset(link);
        if (client.destroyed && server?.destroyed !== false) links.delete(link);
      });
    }
  }

  function relay(link: Link, from: Socket, to: Socket, direction: Direction): void {
    const conveyor = createConveyor(direction, random, {
      send: (bytes) => to.writable && forward(bytes, from, to),
      swallowed() {
        link.hasSwallowed = true;
      },
      cut: () => reset(link),
      isOpen: () => !link.isSilent,
    });
    from.on("error", () => {});
    from.on("data", (bytes) => conveyor.carry(bytes));
    from.on("end", () => conveyor.end(() => to.end()));
  }

  async function close(): Promise<void> {
    const closed = listener.listening ? once(listener, "close") : undefined;
    listener.close();
    for (const link of links) reset(link);
    await closed;
  }
}

function forward(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.write(bytes)) return;
  from.pause();
  to.once("drain", () => from.resume());
}

function silence(link: Link): void {
  link.isSilent = true;
  // A side that waits for the other one to accept its bytes would wait forever, and the proxy would not notice that the
  // client leaves.
  link.client.resume();
  link.server?.resume();
}

function reset({ client, server }: Link): void {
  for (const socket of [client, server]) if (socket !== undefined && !socket.destroyed) socket.resetAndDestroy();
}
