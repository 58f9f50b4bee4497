import type { AcceptedHandshake, SessionSocket, SessionSocketServer } from "sessionwire/sockets";
import type { RawData, WebSocket } from "ws";
import type { WsTypes } from "./options.ts";
import { type Connection, WsPort } from "./ws-port.ts";

/**
 * Binds a socket of ws to the session of its handshake, for frameworks that perform the upgrade themselves:
 * `sockets.decide` determines before the 101 whether a client may have a socket. If the returned session is still open,
 * call its `begin()`, which calls `onConnection`.
 *
 * @param connection - The connection beneath the socket, `request.socket`.
 * @param handshake - The result of {@link handshakeRequest} that `sockets` accepted.
 *
 * @public
 */
export function bindSocket<Attributes extends object = Record<string, unknown>>(
  socket: WebSocket,
  connection: Connection,
  handshake: AcceptedHandshake<WsTypes, Attributes>,
  sockets: SessionSocketServer<WsTypes, Attributes>,
): SessionSocket<Attributes> {
  const { clock, handshakeTimeoutMs, takesMessages } = sockets;
  socket.on("message", (data, isBinary) => session.received(takesMessages ? messageOf(data, isBinary) : undefined));
  const port = new WsPort(socket, connection);
  if (!takesMessages) port.keepEarly(clock, handshakeTimeoutMs);
  const session = handshake.accept(port);
  const heard = () => session.heard();
  socket.on("ping", heard).on("pong", heard);
  socket.on("error", (error) => session.failed(error));
  socket.on("close", (code) => {
    port.closed();
    session.closed(code);
  });
  return session;
}

/**
 * Returns a text, whose UTF-8 ws has checked, or the bytes in one piece, whatever the `binaryType` of the socket is.
 */
function messageOf(data: RawData, isBinary: boolean): string | Buffer {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
  return isBinary ? bytes : bytes.toString();
}
