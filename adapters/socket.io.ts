/**
 * Sessions on the sockets of socket.io.
 *
 * @packageDocumentation
 */

import { checkMethods } from "sessionwire/backend";
import {
  createSessionSocketServer,
  handshakeRequest,
  type SessionSocket,
  type SessionSocketServer,
} from "sessionwire/sockets";
import type { Namespace, Server, Socket } from "socket.io";
import { bindSocket } from "./socket.io/bind-socket.ts";
import { checkOrigins, refusalError } from "./socket.io/handshake.ts";
import type { SessionSockets, SessionSocketsOptions, SocketIoTypes } from "./socket.io/options.ts";

export type { RefusalReason, SessionSocketEvent, SocketSession } from "sessionwire/sockets";
export type {
  SessionSocketData,
  SessionSockets,
  SessionSocketsOptions,
  SocketIoTypes,
} from "./socket.io/options.ts";

/**
 * Gives every socket of a socket.io server its session of the web application, as `socket.data.session`, and refuses
 * sockets that have none, in every namespace and over every transport.
 *
 * @remarks
 * - **Origins**: a request from a page that is not allowed gets 403 before the engine processes it; so does an upgrade
 *   to WebSocket, which CORS does not prevent. Origins that `cors` of socket.io allows must also be allowed here.
 *   (OWASP ASVS 5.0, 4.4.2)
 * - **A refusal** is an error of a middleware: a client receives `connect_error` with `data: { code, status }`, and
 *   does not retry by itself. `code` is a {@link RefusalReason}; with status 503, it is worth connecting later.
 * - **A socket holds an id and no data**: each `open` and `change` works on the data stored at that time. Rooms are not
 *   involved.
 * - **Events that the client sends** keep the session alive; they extend it at most once a minute, or whenever a tenth
 *   of its time has passed.
 * - **A session that ends closes its sockets**: the client receives `session_close` with `{ code: 1008, reason }` and
 *   is disconnected ("io server disconnect"), and no further event reaches the application. For codes after which
 *   reconnecting is worthwhile, by `shouldReconnect` of `sessionwire/sockets`, its connection is closed instead
 *   ("transport close"), and it reconnects by itself.
 * - A change of transport does not affect the session: from long polling to WebSocket, it stays the same socket.
 *
 * @param io - The server, attached to its HTTP server. Call this function before you add your own middlewares and
 * connection listeners.
 *
 * @throws `RangeError` or `TypeError` for a server or an option that cannot be used.
 *
 * @public
 */
export function attachSessions<Attributes extends object = Record<string, unknown>>(
  io: Server,
  options: SessionSocketsOptions<Attributes>,
): SessionSockets {
  checkServer(io);
  const sockets = createSessionSocketServer<Attributes, SocketIoTypes>(options, "attachSessions");
  const admit = createAdmission(sockets);
  checkOrigins(io.engine, sockets);
  for (const namespace of io._nsps.values()) admit(namespace);
  io.on("new_namespace", admit);
  return sockets;
}

/** Admits only sockets with a session to a namespace. */
function createAdmission(sockets: SessionSocketServer<SocketIoTypes>): (namespace: Namespace) => void {
  const sessions = new WeakMap<Socket, SessionSocket>();
  return (namespace) => {
    namespace.use(async (socket, next) => {
      const gone = new AbortController();
      socket.conn.once("close", () => gone.abort());
      // The third revision of the protocol connects with its first request, which may be a poll without an origin.
      const isOriginChecked = socket.conn.protocol === 4;
      const request = { ...handshakeRequest(socket.request), isOriginChecked, auth: socket.handshake.auth };
      const decision = await sockets.decide(request, gone.signal);
      if (!decision.accepted) return next(refusalError(decision));
      const session = bindSocket(socket, decision, sockets);
      sessions.set(socket, session);
      Object.defineProperty(socket.data, "session", { value: session, configurable: true });
      next();
    });
    namespace.on("connection", (socket) => {
      const session = sessions.get(socket);
      if (session?.isOpen) session.begin();
      else socket.disconnect(true); // it bypassed the middlewares, or took too long between them
    });
  };
}

function checkServer(io: unknown): void {
  checkMethods("The socket.io server", io, ["of", "on", "use"]);
  const { engine, opts } = io as { readonly engine?: unknown; readonly opts?: Server["_opts"] }; // version 4.6 has them too
  if (engine === undefined) throw new TypeError("The socket.io server must be attached to its HTTP server first.");
  checkMethods("The engine of socket.io", engine, ["use"]);
  if ((opts?.connectionStateRecovery?.skipMiddlewares ?? false) === false) return;
  throw new TypeError(
    "connectionStateRecovery needs `skipMiddlewares: false`; otherwise a socket would come back without its session.",
  );
}
