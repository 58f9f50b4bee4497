import type { HandshakeRequest } from "./binding.ts";
import type { SocketOptions } from "./options.ts";

/** Tells whether a handshake comes from a page that may connect, or from no page if that is allowed. */
export type OriginCheck = (request: HandshakeRequest) => boolean;

export function createOriginCheck({ allowedOrigins, allowMissingOrigin = false }: SocketOptions): OriginCheck {
  if (typeof allowMissingOrigin !== "boolean") throw new TypeError("allowMissingOrigin must be a boolean.");
  const allows = typeof allowedOrigins === "function" ? allowedOrigins : listed(allowedOrigins);
  return (request) => {
    const origin = request.header("origin"); // two such headers are one value that no list has
    return origin === undefined ? allowMissingOrigin : allows(origin, request.raw) === true;
  };
}

function listed(origins: unknown): (origin: string) => boolean {
  if (!Array.isArray(origins)) {
    throw new TypeError('Sockets need `allowedOrigins`: ["https://app.example"] for instance, or a function.');
  }
  for (const origin of origins) checkOrigin(origin);
  const allowed = new Set<string>(origins);
  return (origin) => allowed.has(origin);
}

/** Refuses an origin that no browser ever sends: it would allow nothing, and look as if it did. */
function checkOrigin(origin: unknown): void {
  if (typeof origin === "string" && URL.canParse(origin) && new URL(origin).origin === origin) return;
  throw new TypeError(
    'An allowed origin is a scheme, a host in lower case and perhaps a port, as in "https://app.example" or "http://localhost:3000".',
  );
}
