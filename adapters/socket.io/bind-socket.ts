import { scheduleDeadline } from "sessionwire/backend";
import {
  type AcceptedHandshake,
  type SessionSocket,
  type SessionSocketServer,
  type SocketPort,
  shouldReconnect,
} from "sessionwire/sockets";
import type { Socket } from "socket.io";
import type { SocketIoTypes } from "./options.ts";

/** Stands between a socket and its session. socket.io looks for lost peers itself, so there is no ping. */
export class IoPort implements SocketPort<Socket> {
  readonly socket: Socket;
  readonly session: SessionSocket;
  readonly #cancelTimer: () => void;
  readonly #onClose = () => this.#closed(1006);

  constructor(
    socket: Socket,
    handshake: AcceptedHandshake<SocketIoTypes>,
    { clock, handshakeTimeoutMs }: SessionSocketServer<SocketIoTypes>,
  ) {
    this.socket = socket;
    socket.conn.once("close", this.#onClose); // perhaps before it is connected, when nobody else tells
    socket.once("disconnect", (reason) => this.#closed(reason === "client namespace disconnect" ? 1000 : 1006));
    // Another middleware may refuse it, which nobody tells either.
    this.#cancelTimer = scheduleDeadline(clock, () => socket.connected || this.#closed(1006), handshakeTimeoutMs);
    this.session = handshake.accept(this);
    socket.onAny((...message) => this.session.received(message));
  }

  /** A client that is disconnected stays away, and one whose connection is closed comes again. Both are told why. */
  close(code: number, reason: string): void {
    const { socket } = this;
    if (socket.connected) socket.emit("session_close", { code, reason });
    if (!shouldReconnect(code)) socket.disconnect();
    queueMicrotask(() => socket.conn.close()); // when all sockets of the client have been told
  }

  /** A connection that is about to close is not closed any faster by older engines, but there is no socket any more. */
  terminate(): void {
    this.socket.disconnect();
    this.socket.conn.close(true);
    this.#closed(1006);
  }

  #closed(code: number): void {
    this.#cancelTimer();
    this.socket.conn.off("close", this.#onClose);
    this.session.closed(code);
  }
}
