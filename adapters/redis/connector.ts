import { once } from "node:events";
import { connect as connectTcp, type NetConnectOpts, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { RedisOptions } from "ioredis";

/** The underlying socket of each connection with TLS. */
const carriers = new WeakMap<Socket, Socket>();

/**
 * Opens connections as ioredis itself does, but keeps the socket beneath TLS, which alone can be reset: Node exposes it
 * only to callers that supplied it. https://nodejs.org/api/tls.html#tlsconnectoptions-callback
 *
 * It has the members that ioredis requires of an `AbstractConnector`, but does not extend it, because nothing of
 * ioredis is imported here.
 */
export class Connector {
  firstError: Error | undefined;
  readonly #options: RedisOptions;
  readonly #disconnection = new AbortController();
  #carrier: Socket | undefined;

  constructor(options: unknown) {
    this.#options = options as RedisOptions; // the options with which ioredis creates its connectors
  }

  check(): boolean {
    return true;
  }

  async connect(): Promise<Socket> {
    const { signal } = this.#disconnection;
    const { path, host, port, family, tls } = this.#options;
    const options = { ...(path ? { path } : { host, port, family }), ...tls } as NetConnectOpts;
    const carrier = connectTcp(options);
    this.#carrier = carrier;
    carrier.on("error", (error) => {
      this.firstError ??= error;
    });
    if (!tls) return carrier; // ioredis waits for it to connect
    // Until it is connected, it may move on to another address of the host, with another handle than the one TLS would
    // wrap.
    await once(carrier, "connect", { signal });
    const secure = connectTls({ ...options, socket: carrier });
    secure.on("error", () => {}); // reported to ioredis, which receives only the first
    carriers.set(secure, carrier);
    await once(secure, "secureConnect", { signal });
    return secure;
  }

  disconnect(): void {
    this.#carrier?.destroy();
    this.#disconnection.abort(); // a socket destroyed before it is connected emits nothing that anyone waits for
  }
}

/**
 * Ends a connection immediately and discards its unsent data; a connection to a socket in the file system is just
 * ended.
 */
export function resetAndDestroy(stream: Socket): void {
  const carrier = carriers.get(stream) ?? stream;
  // Only TCP can be reset. A TLS socket appears here if the application opened it.
  if (!("encrypted" in carrier) && carrier.remoteAddress !== undefined) carrier.resetAndDestroy();
  stream.destroy();
}
