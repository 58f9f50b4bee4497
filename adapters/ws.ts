import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { checkMethods } from "sessionwire/backend";
import { createSessionSocketServer } from "sessionwire/sockets";
import type { WebSocketServer } from "ws";
import type { SessionSockets, SessionSocketsOptions, WsTypes } from "./ws/options.ts";
import { UpgradeListener } from "./ws/upgrade-listener.ts";

export { handshakeRequest, type RefusalReason, type SessionSocketEvent, type SocketSession } from "sessionwire/sockets";
export { bindSocket } from "./ws/bind-socket.ts";
export type { SessionSockets, SessionSocketsOptions, WsTypes } from "./ws/options.ts";
export type { Connection } from "./ws/ws-port.ts";

/**
 * Gives every socket of a WebSocket server the session of the web application, and refuses those that have none. `onConnection` gets
 * the socket, and a {@link SocketSession}.
 *
 * @remarks
 * - **Before the 101**, a handshake shows an allowed origin, else 403; and a cookie that leads to a session, else 401. A store
 *   that does not answer is a 503, in any case within `handshakeTimeoutMs`. (OWASP ASVS 5.0, 4.4.2 and 4.4.3)
 * - **A socket holds an id and no data**: each `open` and `update` works on what is stored by then.
 * - **Messages that the application sends in** keep the session alive, at most once a minute, or whenever a tenth of its
 *   time has passed; pings and what the server sends do not. Nothing keeps a session beyond its lifetime.
 * - **A session that ends takes its sockets along**: they are closed with 1008 and no message reaches the application any more. At
 *   once when it is ended through the same manager, and within `revalidateEverySeconds` otherwise. A session that lives for less
 *   than ten times as long is looked at ten times within its life, once a second at most.
 * - **A session that gets another id** in this process keeps its sockets.
 * - **An outage of the store ends no session**: sockets stay for `maxStalenessSeconds`, and are then closed with 1013.
 * - **Messages that arrive before there is a listener** are kept, for as long as a handshake may take.
 * - Errors of sockets, of the store and of clients are told to `onEvent`, and bring nothing down.
 *
 * @param server - The server whose upgrades are answered. Those with a path that is not `wss.options.path` are left to other listeners, or
 *   refused with 404 if there are none but those of `attachSessions`, which may stand at one server several times, with a path each. What
 *   another listener has answered is left alone, too, and reported as `taken`; without a path beside others there is a warning.
 * @param wss - Made with `noServer: true`. Set its `maxPayload`, `maxFragments` and `maxBufferedChunks`: by default ws takes 100 MiB for one
 *   message, of which a warning tells (`SESSIONWIRE_NO_MAX_PAYLOAD`).
 *
 * @throws `RangeError` or `TypeError` for a server or an option that cannot be used.
 *
 * @public
 */
export function attachSessions<Attributes extends object = Record<string, unknown>>(
  server: HttpServer | HttpsServer,
  wss: WebSocketServer,
  options: SessionSocketsOptions<Attributes>,
): SessionSockets {
  checkServers(server, wss);
  const sockets = createSessionSocketServer<Attributes, WsTypes>(options, "attachSessions");
  new UpgradeListener(server, wss, sockets);
  return sockets;
}

function checkServers(server: unknown, wss: unknown): void {
  checkMethods("The HTTP server", server, ["prependListener", "off", "listeners"]);
  checkMethods("The WebSocketServer", wss, ["handleUpgrade", "shouldHandle", "emit"]);
  const { noServer, maxPayload = 0 } = (wss as WebSocketServer).options;
  if (!noServer) {
    throw new TypeError(
      "The WebSocketServer must be made with `noServer: true`, or it would take sockets without a session.",
    );
  }
  if (maxPayload > 0 && maxPayload < DEFAULT_MAX_PAYLOAD) return;
  process.emitWarning(
    "A client may send 100 MiB or more in one message, which are kept in memory meanwhile. Say how much it may be: new WebSocketServer({ noServer: true, maxPayload: 16_384 }).",
    { code: "SESSIONWIRE_NO_MAX_PAYLOAD" },
  );
}

/** The limit of ws; 0 means none. */
const DEFAULT_MAX_PAYLOAD = 100 * 1024 * 1024;
