import { once } from "node:events";
import { connect as connectTcp, type NetConnectOpts, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { RedisOptions } from "ioredis";

/** Under each connection with TLS, the socket that carries it. */
const carriers = new WeakMap<Socket, Socket>();

/**
 * Opens connections as ioredis does itself, but keeps hold of the socket below TLS, which alone can be reset: Node does not show it
 * to those who have not brought it along. https://nodejs.org/api/tls.html#tlsconnectoptions-callback
 *
 * It has what ioredis asks of an `AbstractConnector`, and is not derived from it, since nothing of ioredis is imported here.
 */
export class Connector {
  firstError: Error | undefined;
  readonly #options: RedisOptions;
  readonly #disconnection = new AbortController();
  #carrier: Socket | undefined;

  constructor(options: unknown) {
    this.#options = options as RedisOptions; // what ioredis makes its connectors with
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
    // Until then it may go on to another address of the host, with another handle than the one that TLS would be put on.
    await once(carrier, "connect", { signal });
    const secure = connectTls({ ...options, socket: carrier });
    secure.on("error", () => {}); // told to ioredis, which hears of the first one only
    carriers.set(secure, carrier);
    await once(secure, "secureConnect", { signal });
    return secure;
  }

  disconnect(): void {
    this.#carrier?.destroy();
    this.#disconnection.abort(); // a socket that is destroyed before it is connected says nothing that would be waited for
  }
}

/** Ends a connection without a word, and with what the system still keeps of it; one to a socket in the file system just ends. */
export function resetAndDestroy(stream: Socket): void {
  const carrier = carriers.get(stream) ?? stream;
  // Only TCP can be reset. One with TLS is here when somebody else has opened it.
  if (!("encrypted" in carrier) && carrier.remoteAddress !== undefined) carrier.resetAndDestroy();
  stream.destroy();
}
