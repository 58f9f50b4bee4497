import { type IncomingMessage, ServerResponse } from "node:http";
import { handshakeRequest, type RefusedHandshake, refusalText, type SessionSocketServer } from "sessionwire/sockets";
import type { Server } from "socket.io";
import type { SocketIoTypes } from "./options.ts";

/**
 * Rejects requests of foreign pages before the engine processes them. CORS does not prevent a page from opening a
 * WebSocket. A poll of the same origin has no origin header, because browsers send none with such a GET; it carries no
 * data, and later requests have the header.
 */
export function checkOrigins(engine: Server["engine"], sockets: SessionSocketServer<SocketIoTypes>): void {
  engine.use(async (request: IncomingMessage, response: unknown, next: () => void) => {
    const { method, headers, socket } = request;
    const isUpgrade = !(response instanceof ServerResponse);
    if (isUpgrade) socket.on("error", () => {}); // Node.js has removed its own listener
    if (!isUpgrade && method === "GET" && headers.origin === undefined) return next();
    const refused = await sockets.checkOrigin(handshakeRequest(request));
    if (refused === undefined) next();
    else if (isUpgrade) socket.end(refusalText(refused));
    else response.writeHead(refused.status, refused.headers).end();
  });
}

/** Returns the error of a middleware: a client receives its message and `data` with `connect_error`. */
export function refusalError({ reason, status }: RefusedHandshake): Error {
  return Object.assign(new Error(`The session was refused: ${reason}.`), { data: { code: reason, status } });
}
