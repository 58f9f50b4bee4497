/**
 * Sessions on the sockets of ws.
 *
 * @packageDocumentation
 */

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
 * Gives every socket of a WebSocket server its session of the web application, and refuses sockets that have none.
 * `onConnection` receives the socket and a {@link SocketSession}.
 *
 * @remarks
 * - **Before the 101**, a handshake must have an allowed origin, else it gets a 403, and a cookie that leads to a
 *   session, else a 401. A store that does not answer is a 503, always within `handshakeTimeoutMs`. (OWASP ASVS 5.0,
 *   4.4.2 and 4.4.3)
 * - **A socket holds an id and no data**: each `open` and `change` works on the data stored at that time.
 * - **Messages from the client** keep the session alive; they extend it at most once a minute, or whenever a tenth of
 *   its time has passed. Pings and messages from the server do not. Nothing extends a session beyond its lifetime.
 * - **A session that ends closes its sockets**: they are closed with 1008, and no further message reaches the
 *   application. This happens at once if the session is ended through the same manager, and within
 *   `revalidateEverySeconds` otherwise. A session that lives for less than ten times that interval is checked ten times
 *   within its life, but at most once a second.
 * - **A session that receives a new id** in this process keeps its sockets.
 * - **An outage of the store ends no session**: sockets stay open for `maxStalenessSeconds`, and are then closed with
 *   1013.
 * - **Messages that arrive before there is a listener** are kept for as long as a handshake may take.
 * - Errors of sockets, of the store and of clients are reported to `onEvent`, and never crash the process.
 *
 * @param server - The server whose upgrades are answered. Upgrades with a path other than `wss.options.path` are left
 * to other listeners, or refused with 404 if all listeners belong to `attachSessions`, which may be used several times
 * on one server, with a different path each. An upgrade that another listener has answered is also left alone, and
 * reported as `taken`. If there are other listeners and no path, a warning is printed.
 * @param wss - The WebSocket server, created with `noServer: true`. Set its `maxPayload`, `maxFragments` and
 * `maxBufferedChunks`: by default ws accepts 100 MiB for one message, which causes a warning
 * (`SESSIONWIRE_NO_MAX_PAYLOAD`).
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
      "The WebSocketServer must be created with `noServer: true`; otherwise it would accept sockets without a session.",
    );
  }
  if (maxPayload > 0 && maxPayload < DEFAULT_MAX_PAYLOAD) return;
  process.emitWarning(
    "A client may send 100 MiB or more in one message, which is kept in memory until it is complete. Set a limit: new WebSocketServer({ noServer: true, maxPayload: 16_384 }).",
    { code: "SESSIONWIRE_NO_MAX_PAYLOAD" },
  );
}

/** The message limit of ws in bytes; 0 means none. */
const DEFAULT_MAX_PAYLOAD = 100 * 1024 * 1024;
