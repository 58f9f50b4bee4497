import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { SocketPort } from "sessionwire/sockets";
import type { WebSocket } from "ws";
import { keepEarlyMessages } from "./early-messages.ts";

/**
 * The connection beneath a socket, which need not be a TCP connection.
 *
 * @public
 */
export type Connection = Duplex & Partial<Pick<Socket, "bytesRead">>;

/** Carries out the actions of a session on its socket. */
export class WsPort implements SocketPort<WebSocket> {
  readonly socket: WebSocket;
  readonly #connection: Connection;
  #early: { readonly drop: () => void; readonly cancelTimer: () => void } | undefined;

  constructor(socket: WebSocket, connection: Connection) {
    this.socket = socket;
    this.#connection = connection;
  }

  /** Keeps messages that arrive before the application listens, for a limited time. */
  keepEarly(clock: Clock, forMs: number): void {
    const drop = keepEarlyMessages(this.socket);
    this.#early = { drop, cancelTimer: scheduleDeadline(clock, () => this.#dropEarly(), forMs) };
  }

  close(code: number, reason: string): void {
    this.#dropEarly();
    silence(this.socket);
    this.socket.resume(); // otherwise the answer of the peer would not be seen
    this.socket.close(code, reason);
  }

  /** Called when the socket is closed: earlier messages may still be received. */
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

  /** Releases everything, because a socket lives longer. */
  #dropEarly(): void {
    this.#early?.cancelTimer();
    this.#early?.drop();
    this.#early = undefined;
  }
}

/** Stops the delivery of messages, even to listeners that are added later. */
function silence(socket: WebSocket): void {
  socket.removeAllListeners("message");
  socket.on("newListener", (event) => {
    if (event === "message") queueMicrotask(() => socket.removeAllListeners("message"));
  });
}
