import type { MaybePromise } from "../../backend/session-backend.ts";
import type { HandshakeRequest } from "../binding.ts";
import type { SocketOptions } from "../options.ts";

/** Checks if a handshake comes from a page that may connect, or from no page if that is allowed. */
export type OriginCheck = (request: HandshakeRequest) => MaybePromise<boolean>;

export function createOriginCheck({ allowedOrigins, allowMissingOrigin = false }: SocketOptions): OriginCheck {
  if (typeof allowMissingOrigin !== "boolean") throw new TypeError("allowMissingOrigin must be a boolean.");
  const allows = typeof allowedOrigins === "function" ? allowedOrigins : listed(allowedOrigins);
  return async (request) => {
    const origin = request.header("origin"); // two such headers are joined to a value that no list has
    return origin === undefined ? allowMissingOrigin : (await allows(origin, request.raw)) === true;
  };
}

function listed(origins: unknown): (origin: string) => boolean {
  if (!Array.isArray(origins)) {
    throw new TypeError('Sockets need `allowedOrigins`: for instance ["https://app.example"], or a function.');
  }
  for (const origin of origins) checkOrigin(origin);
  const exact = new Set<string>(origins);
  const patterns = [...exact].filter((origin) => origin.includes("*")).map(toPattern);
  return (origin) => exact.has(origin) || patterns.some((pattern) => pattern.test(origin));
}

/** Compares origins as strings, because a browser always sends the same string for the same origin. */
function toPattern(origin: string): RegExp {
  const [before = "", after = ""] = origin.split("*");
  return new RegExp(`^${escaped(before)}(?:${label}\\.)*${label}${escaped(after)}$`);
}

/** One label of a host name, as URLs have it. (RFC 1123, 2.1, with underscores and punycode) */
const label = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?";

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

/** Refuses an origin that no browser ever sends: it would allow nothing while appearing to. */
function checkOrigin(origin: unknown): void {
  if (
    typeof origin === "string" &&
    (isWebOrigin(origin.replace(/^(https?:\/\/)\*\.(?=[^*]*\.)/, "$1x.")) || isAppOrigin(origin))
  )
    return;
  throw new TypeError(
    'An allowed origin must be a scheme, a lower-case host and an optional port, as in "https://app.example" or "http://localhost:3000", or "https://*.app.example" for all hosts below one; without a path.',
  );
}

/** Checks for the origin of a page on the web. (RFC 6454, 6.2) */
function isWebOrigin(origin: string): boolean {
  return !origin.includes("*") && URL.canParse(origin) && new URL(origin).origin === origin;
}

/**
 * Checks for the origin of an app or extension, whose schemes URLs do not know: `capacitor://localhost`,
 * `chrome-extension://<id>`.
 */
function isAppOrigin(origin: string): boolean {
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]*):\/\/[a-z0-9_.-]+(?::\d{1,5})?$/.exec(origin) ?? [];
  return scheme !== "" && !webSchemes.has(scheme);
}

/** The schemes of the URL Standard, whose origins are written differently or by other rules. */
const webSchemes: ReadonlySet<string> = new Set(["http", "https", "ws", "wss", "ftp", "file"]);
