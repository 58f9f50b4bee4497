import { type IncomingMessage, ServerResponse } from "node:http";
import { handshakeRequest, type RefusedHandshake, refusalText, type SessionSocketServer } from "sessionwire/sockets";
import type { Server } from "socket.io";
import type { SocketIoTypes } from "./options.ts";

/**
 * Lets no request of a foreign page through, before the engine looks at it. CORS does not keep one from opening a WebSocket. A poll of the own
 * page has no origin, as browsers send none with such a GET; it carries nothing, and what follows has one.
 */
export function checkOrigins(engine: Server["engine"], sockets: SessionSocketServer<SocketIoTypes>): void {
  engine.use(async (request: IncomingMessage, response: unknown, next: () => void) => {
    const { method, headers, socket } = request;
    const isUpgrade = !(response instanceof ServerResponse);
    if (isUpgrade) socket.on("error", () => {}); // Node.js has taken its own listener away
    if (!isUpgrade && method === "GET" && headers.origin === undefined) return next();
    const refused = await sockets.checkOrigin(handshakeRequest(request));
    if (refused === undefined) next();
    else if (isUpgrade) socket.end(refusalText(refused));
    else response.writeHead(refused.status, refused.headers).end();
  });
}

/** The error of a middleware: a client gets its message and `data` with `connect_error`. */
export function refusalError({ reason, status }: RefusedHandshake): Error {
  return Object.assign(new Error(`The session was refused: ${reason}.`), { data: { code: reason, status } });
}
