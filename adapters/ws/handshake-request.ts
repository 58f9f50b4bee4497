import type { IncomingMessage } from "node:http";
import type { HandshakeRequest } from "sessionwire/sockets";

/**
 * A request of Node.js as the `decide` of sockets reads it, for frameworks that make the upgrade themselves.
 *
 * @public
 */
export function handshakeRequest(request: IncomingMessage): HandshakeRequest<IncomingMessage> {
  return {
    url: request.url ?? "",
    raw: request,
    header(name) {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
  };
}

/** Asked before anybody is troubled with it; ws asks the same, and some more. (RFC 6455, 4.2.1) */
export function isWebSocketHandshake({ method, headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "") &&
    ["13", "8"].includes(headers["sec-websocket-version"] ?? "")
  );
}
