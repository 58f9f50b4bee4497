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
 * Gives every socket of a socket.io server the session of the web application, as `socket.data.session`, and refuses those that have none,
 * in every namespace and over every transport.
 *
 * @remarks
 * - **Origins**: a request from a page that is not allowed gets 403, before the engine looks at it; also an upgrade to WebSocket, which CORS does
 *   not keep away. What `cors` of socket.io allows must be allowed here as well. (OWASP ASVS 5.0, 4.4.2)
 * - **A refusal** is an error of a middleware: a client hears `connect_error` with `data: { code, status }`, and does not try again by itself.
 *   `code` is a {@link RefusalReason}; with status 503, connecting later is worth it.
 * - **A socket holds an id and no data**: each `open` and `update` works on what is stored by then. No room has to do with sessions.
 * - **Events that the client sends** keep the session alive, at most once a minute, or whenever a tenth of its time has passed.
 * - **A session that ends takes its sockets along**: the client hears `session_close` with `{ code: 1008, reason }` and is disconnected
 *   ("io server disconnect"), and no event reaches the application any more. Where connecting again is worth it, as `shouldReconnect` of
 *   `sessionwire/sockets` says of the code, its connection is closed instead ("transport close"), and it comes again by itself.
 * - A change of the transport is none for the session: from long polling to WebSocket, it is one socket.
 *
 * @param io - Attached to its HTTP server. Call this before your own middlewares and listeners of connections.
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

/** Lets only those sockets into a namespace that have a session. */
function createAdmission(sockets: SessionSocketServer<SocketIoTypes>): (namespace: Namespace) => void {
  const sessions = new WeakMap<Socket, SessionSocket>();
  return (namespace) => {
    namespace.use(async (socket, next) => {
      const gone = new AbortController();
      socket.conn.once("close", () => gone.abort());
      // The third revision of the protocol connects by the first request already, which may be a poll without an origin.
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
      else socket.disconnect(true); // it has passed by all middlewares, or has taken too long between them
    });
  };
}

function checkServer(io: unknown): void {
  checkMethods("The socket.io server", io, ["of", "on", "use"]);
  const { engine, opts } = io as { readonly engine?: unknown; readonly opts?: Server["_opts"] }; // as 4.6 has them, too
  if (engine === undefined) throw new TypeError("The socket.io server must be attached to its HTTP server first.");
  checkMethods("The engine of socket.io", engine, ["use"]);
  if ((opts?.connectionStateRecovery?.skipMiddlewares ?? false) === false) return;
  throw new TypeError(
    "connectionStateRecovery needs `skipMiddlewares: false`, or a socket would come back without its session.",
  );
}
