import type { HandshakeRequest } from "../binding.ts";

/**
 * The part of a Node.js request that a handshake reads.
 *
 * @public
 */
export interface NodeRequest {
  /** The method of the request. */
  readonly method?: string | undefined;
  /** The target of the request: path and query. */
  readonly url?: string | undefined;
  /** The headers, by lower-case name. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
}

/**
 * The part of a request of the Fetch Standard that a handshake reads.
 *
 * @public
 */
export interface FetchRequest {
  /** The whole URL. */
  readonly url: string;
  /** The headers. */
  readonly headers: { get(name: string): string | null };
}

/**
 * Converts a request to the form that `decide` reads, for bindings, and for frameworks that perform the upgrade
 * themselves.
 *
 * @public
 */
export function handshakeRequest<Raw extends NodeRequest | FetchRequest>(request: Raw): HandshakeRequest<Raw> {
  if (isFetchRequest(request)) {
    const { pathname, search } = new URL(request.url);
    return { url: pathname + search, raw: request, header: (name) => request.headers.get(name) ?? undefined };
  }
  const { url = "", headers }: NodeRequest = request;
  return {
    url,
    raw: request,
    header(name) {
      const value = headers[name];
      return typeof value === "object" ? value.join(", ") : value;
    },
  };
}

/**
 * Checks if an upgrade is a valid WebSocket handshake, before anything else is done with it. (RFC 6455, 4.2.1)
 *
 * @public
 */
export function isWebSocketHandshake({ method, headers }: NodeRequest): boolean {
  const { upgrade, "sec-websocket-key": key, "sec-websocket-version": version } = headers;
  return (
    method === "GET" &&
    String(upgrade).toLowerCase() === "websocket" &&
    /^[+/0-9A-Za-z]{22}==$/.test(String(key)) &&
    versions.includes(String(version))
  );
}

/** The version of the RFC, and that of a draft that makes no difference to a server. ws accepts both. */
const versions = ["13", "8"];

function isFetchRequest(request: NodeRequest | FetchRequest): request is FetchRequest {
  return typeof request.headers.get === "function";
}
