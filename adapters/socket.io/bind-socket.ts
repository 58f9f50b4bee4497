import { scheduleDeadline } from "sessionwire/backend";
import {
  type AcceptedHandshake,
  type SessionSocket,
  type SessionSocketServer,
  shouldReconnect,
} from "sessionwire/sockets";
import type { Socket } from "socket.io";
import type { SocketIoTypes } from "./options.ts";

/** Binds a socket to the session of its handshake. socket.io detects lost peers itself, so there is no ping. */
export function bindSocket(
  socket: Socket,
  handshake: AcceptedHandshake<SocketIoTypes>,
  { clock, handshakeTimeoutMs }: SessionSocketServer<SocketIoTypes>,
): SessionSocket {
  const { conn } = socket;
  const closed = (code: number) => {
    cancelTimer();
    conn.off("close", onClose);
    session.closed(code);
  };
  const onClose = () => closed(1006);
  conn.once("close", onClose); // the client may leave before it is connected, which nothing else reports
  // Another middleware may refuse it, which nothing reports either.
  const cancelTimer = scheduleDeadline(clock, () => socket.connected || closed(1006), handshakeTimeoutMs);
  socket.once("disconnect", (reason) => closed(reason === "client namespace disconnect" ? 1000 : 1006));
  const session = handshake.accept({
    socket,
    /**
     * Closes a socket. A client that is disconnected stays away, and one whose connection is closed reconnects. Both
     * receive the reason.
     */
    close(code, reason) {
      if (socket.connected) socket.emit("session_close", { code, reason });
      if (!shouldReconnect(code)) socket.disconnect();
      queueMicrotask(() => conn.close()); // once all sockets of the client have received the reason
    },
    /** Drops the socket at once, although older engines do not speed up a connection that is already closing. */
    terminate() {
      socket.disconnect();
      conn.close(true);
      closed(1006);
    },
  });
  socket.onAny((...message) => session.received(message));
  return session;
}
