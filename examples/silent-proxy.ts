import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * Stands between a client and a server and, on request, does the same as a firewall that forgets a connection: nothing.
 */
export interface SilentProxy {
  readonly port: number;
  /**
   * Silences the existing connections from now on: nothing gets through, not even their end. New ones work. Returns
   * their number.
   */
  silence(): number;
  /** Cuts the silent connections, so that their clients notice. Returns their number. */
  heal(): number;
  close(): Promise<void>;
}

interface Link {
  readonly sockets: readonly Socket[];
  isSilent: boolean;
}

export async function startSilentProxy(target: { readonly host: string; readonly port: number }): Promise<SilentProxy> {
  const links = new Set<Link>();
  // Half-open: Node would otherwise answer an end with an end of its own, which a silent connection does not do.
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const server = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const link: Link = { sockets: [client, server], isSilent: false };
    links.add(link);
    relay(link, client, server);
    relay(link, server, client);
  });
  listener.listen({ port: 0, host: "127.0.0.1", exclusive: true }); // not shared with other processes of a cluster
  await once(listener, "listening");

  return {
    port: (listener.address() as AddressInfo).port, // the address of a listening TCP server is of this type
    silence() {
      const speaking = [...links].filter((link) => !link.isSilent);
      for (const link of speaking) link.isSilent = true;
      return speaking.length;
    },
    heal() {
      const silent = [...links].filter((link) => link.isSilent);
      for (const link of silent) cut(link);
      return silent.length;
    },
    async close() {
      const closed = once(listener, "close");
      listener.close();
      for (const link of links) cut(link);
      await closed;
    },
  };

  function relay(link: Link, from: Socket, to: Socket): void {
    from.on("data", (bytes) => link.isSilent || to.write(bytes));
    from.on("end", () => link.isSilent || to.end());
    from.on("error", () => {}); // it is closed as well
    from.on("close", () => link.isSilent || cut(link));
  }

  function cut(link: Link): void {
    links.delete(link);
    for (const socket of link.sockets) socket.destroy();
  }
}
