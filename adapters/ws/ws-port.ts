import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { SocketPort } from "sessionwire/sockets";
import type { WebSocket } from "ws";
import { keepEarlyMessages } from "./early-messages.ts";

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
  #early: { readonly drop: () => void; readonly cancelTimer: () => void } | undefined;

  constructor(socket: WebSocket, connection: Connection) {
    this.socket = socket;
    this.#connection = connection;
  }

  /** Keeps the messages that come in before the application listens, for a while. */
  keepEarly(clock: Clock, forMs: number): void {
    const drop = keepEarlyMessages(this.socket);
    this.#early = { drop, cancelTimer: scheduleDeadline(clock, () => this.#dropEarly(), forMs) };
  }

  close(code: number, reason: string): void {
    this.#dropEarly();
    silence(this.socket);
    this.socket.resume(); // or the answer of the peer would not be seen
    this.socket.close(code, reason);
  }

  /** To be called when the socket is closed: what has come in before may still be listened to. */
  closed(): void {
    this.#early?.cancelTimer();
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

  /** Nothing of it stays in memory: a socket lives for longer. */
  #dropEarly(): void {
    this.#early?.cancelTimer();
    this.#early?.drop();
    this.#early = undefined;
  }
}

/** Lets no message reach anybody from now on, not even those who begin to listen later. */
function silence(socket: WebSocket): void {
  socket.removeAllListeners("message");
  socket.on("newListener", (event) => {
    if (event === "message") queueMicrotask(() => socket.removeAllListeners("message"));
  });
}
