import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy that lets only so many bytes of replies through, on the connections of the moment. */
export interface ReplyCutter extends AsyncDisposable {
  readonly port: number;
  /** Lets so many more bytes of replies through on each connection, and keeps the others back. */
  cutAfter(bytes: number): void;
  /** How many connections are open. */
  readonly open: number;
  /** Whether on some connection there is something kept back. */
  readonly isHolding: boolean;
  /** Sends what was kept back, and everything from now on. */
  release(): void;
  /** Resets all connections; on new ones everything goes through. */
  reset(): void;
  /** What replies are cut into: bytes at a time. @defaultValue as they come */
  pieceBytes: number | undefined;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  left: number;
  readonly held: Buffer[];
}

export async function startReplyCutter(target: { readonly port: number }): Promise<ReplyCutter> {
  const links = new Set<Link>();
  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect({ port: target.port, host: "127.0.0.1", noDelay: true });
    const link: Link = { client, server, left: Number.POSITIVE_INFINITY, held: [] };
    links.add(link);
    client.on("data", (bytes) => server.write(bytes));
    server.on("data", (bytes) => pass(link, bytes));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on("error", () => {});
      socket.on("close", () => {
        links.delete(link);
        other.destroy();
      });
    }
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");

  function pass(link: Link, bytes: Buffer): void {
    const open = bytes.subarray(0, link.left);
    const held = bytes.subarray(link.left);
    link.left -= open.length;
    const step = cutter.pieceBytes ?? Math.max(1, open.length);
    for (let at = 0; at < open.length; at += step) link.client.write(open.subarray(at, at + step));
    if (held.length > 0) link.held.push(held);
  }

  const cutter: ReplyCutter = {
    port: (listener.address() as AddressInfo).port, // of a TCP server that listens, an object
    pieceBytes: undefined,
    cutAfter(bytes) {
      for (const link of links) link.left = bytes;
    },
    get open() {
      return links.size;
    },
    get isHolding() {
      return [...links].some(({ held }) => held.length > 0);
    },
    release() {
      for (const link of links) {
        link.left = Number.POSITIVE_INFINITY;
        for (const bytes of link.held.splice(0)) link.client.write(bytes);
      }
    },
    reset() {
      for (const { client } of links) client.resetAndDestroy();
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const { client, server } of links) for (const socket of [client, server]) socket.destroy();
    },
  };
  return cutter;
}
