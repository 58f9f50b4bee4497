import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { SocketPort } from "sessionwire/sockets";
import type { WebSocket } from "ws";

/**
 * The connection below a socket, which need not be one of TCP.
 *
 * @public
 */
export type Connection = Duplex & Partial<Pick<Socket, "bytesRead">>;

/** Passes on what sessions have a socket do. */
export class WsPort implements SocketPort<WebSocket> {
  readonly socket: WebSocket;
  readonly #connection: Connection;
  readonly #dropEarly: () => void;

  constructor(socket: WebSocket, connection: Connection, dropEarly: () => void) {
    this.socket = socket;
    this.#connection = connection;
    this.#dropEarly = dropEarly;
  }

  close(code: number, reason: string): void {
    this.#dropEarly();
    silence(this.socket);
    this.socket.resume(); // or the answer of the peer would not be seen
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  ping(): void {
    this.socket.ping();
  }

  bytesRead(): number {
    return this.#connection.bytesRead ?? 0;
  }

  isPaused(): boolean {
    return this.socket.isPaused;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }
}

/** Lets no message reach anybody from now on, not even those who begin to listen later. */
function silence(socket: WebSocket): void {
  socket.removeAllListeners("message");
  socket.on("newListener", (event) => {
    if (event === "message") queueMicrotask(() => socket.removeAllListeners("message"));
  });
}
