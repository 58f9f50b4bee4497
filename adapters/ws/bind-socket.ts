import { scheduleDeadline } from "sessionwire/backend";
import type { AcceptedHandshake, SessionSocket, SessionSocketServer } from "sessionwire/sockets";
import type { WebSocket } from "ws";
import { keepEarlyMessages } from "./early-messages.ts";
import type { WsTypes } from "./options.ts";

/** Binds a socket of ws to the session of its handshake. */
export function bindSocket(
  socket: WebSocket,
  handshake: AcceptedHandshake<WsTypes>,
  { clock, handshakeTimeoutMs }: SessionSocketServer<WsTypes>,
): SessionSocket {
  socket.on("message", () => session.received());
  const dropEarly = keepEarlyMessages(socket);
  const session = handshake.accept({
    socket,
    close(code, reason) {
      dropEarly();
      silence(socket);
      socket.resume(); // or the answer of the peer would not be seen
      socket.close(code, reason);
    },
    terminate: () => socket.terminate(),
  });
  socket.on("error", (error) => session.failed(error));
  socket.on("close", (code) => session.closed(code));
  socket.once("close", scheduleDeadline(clock, dropEarly, handshakeTimeoutMs));
  return session;
}

/** Lets no message reach anybody from now on, not even those who begin to listen later. */
function silence(socket: WebSocket): void {
  socket.removeAllListeners("message");
  socket.on("newListener", (event) => {
    if (event === "message") queueMicrotask(() => socket.removeAllListeners("message"));
  });
}
