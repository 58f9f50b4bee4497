import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * What happens to connections made from now on. `pass`: forwarded. `refuse`: reset at once. `silent`: accepted and
 * never answered, like those to a host that died behind a load balancer.
 */
export type NewConnections = "pass" | "refuse" | "silent";

/** A TCP proxy that damages what goes through it in the ways networks do. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Connections made to the proxy since its start, the refused ones included. */
  readonly accepted: number;
  /**
   * Connections that the client has neither ended nor reset, as far as the proxy lets it hear of them: silent ones
   * count.
   */
  readonly open: number;
  /** @defaultValue `"pass"` */
  newConnections: NewConnections;
  /** Latency per direction; bytes and ends keep their order. @defaultValue 0 */
  delayMs: number;
  /**
   * Makes all existing connections dead without telling anybody: from now on not a byte and no end goes through either
   * way.
   */
  silence(): void;
  /** While on, requests reach the server and replies are swallowed, on existing and new connections. */
  dropReplies(on: boolean): void;
  /** Resets all existing connections. */
  resetAll(): void;
  /** Ends all existing connections in an orderly way, as a server that shuts down does. */
  finAll(): void;
  /**
   * Returns everything to normal. Connections that are silent or had replies swallowed are reset: TCP loses no bytes in
   * the middle, so they cannot go on.
   */
  heal(): void;
  /** Resets all connections and takes no new ones. */
  close(): Promise<void>;
}

/** One client connection and the connection to the server that belongs to it. */
interface Link {
  readonly client: Socket;
  /** Missing when the connection was silent from the start. */
  readonly server: Socket | undefined;
  isSilent: boolean;
  hasSwallowed: boolean;
  hasClientLeft: boolean;
}

/** Starts a proxy in front of a server on a free port of the loopback interface. */
export async function startProxy(target: { readonly port: number; readonly host?: string }): Promise<FaultProxy> {
  const links = new Set<Link>();
  let accepted = 0;
  let isDroppingReplies = false;

  // Half-open, because with Node's default a socket answers an end with an end by itself, and then nothing could be
  // withheld.
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  // The address of a TCP server that listens is an object.
  const { port } = listener.address() as AddressInfo;

  const proxy: FaultProxy = {
    port,
    url: `redis://127.0.0.1:${port}`,
    get accepted() {
      return accepted;
    },
    get open() {
      return [...links].filter((link) => !link.hasClientLeft).length;
    },
    newConnections: "pass",
    delayMs: 0,
    silence() {
      for (const link of links) silence(link);
    },
    dropReplies(on) {
      isDroppingReplies = on;
    },
    resetAll() {
      for (const link of links) reset(link);
    },
    finAll() {
      for (const link of links) link.client.end();
    },
    heal() {
      proxy.newConnections = "pass";
      proxy.delayMs = 0;
      isDroppingReplies = false;
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
    const server = isSilent ? undefined : connect({ host: "127.0.0.1", ...target, allowHalfOpen: true, noDelay: true });
    const link: Link = { client, server, isSilent, hasSwallowed: false, hasClientLeft: false };
    links.add(link);
    watch(link);
    if (server !== undefined) {
      relay(link, client, server, () => false);
      relay(link, server, client, () => isDroppingReplies);
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

  function relay(link: Link, from: Socket, to: Socket, isSwallowing: () => boolean): void {
    const later = createDelayLine(() => proxy.delayMs);
    from.on("error", () => {});
    from.on("data", (bytes) => {
      later(() => {
        if (link.isSilent) return;
        if (isSwallowing()) link.hasSwallowed = true;
        else if (to.writable) forward(bytes, from, to);
      });
    });
    from.on("end", () => {
      later(() => {
        if (!link.isSilent) to.end();
      });
    });
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
  // One that waits for the other side to take its bytes would wait for ever, and the proxy would not see the client
  // leave.
  link.client.resume();
  link.server?.resume();
}

function reset({ client, server }: Link): void {
  for (const socket of [client, server]) if (socket !== undefined && !socket.destroyed) socket.resetAndDestroy();
}

/**
 * Runs actions after a delay, in the order they came, and at once when there is neither a delay nor an earlier action.
 */
function createDelayLine(currentDelayMs: () => number): (action: () => void) => void {
  const waiting: { readonly action: () => void; readonly dueAt: number }[] = [];

  function runDue(): void {
    for (let head = waiting[0]; head !== undefined; head = waiting[0]) {
      const remainingMs = head.dueAt - performance.now();
      if (remainingMs > 0) {
        setTimeout(runDue, remainingMs).unref();
        return;
      }
      waiting.shift();
      head.action();
    }
  }

  return (action) => {
    waiting.push({ action, dueAt: performance.now() + currentDelayMs() });
    if (waiting.length === 1) runDue();
  };
}
