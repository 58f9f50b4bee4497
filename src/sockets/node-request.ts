import type { HandshakeRequest } from "./binding.ts";

/**
 * A request of Node.js, as far as a handshake reads it.
 *
 * @public
 */
export interface NodeRequest {
  /** The target of the request: path and query. */
  readonly url?: string | undefined;
  /** The headers, by their names in lower case. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
}

/**
 * A request of Node.js as `decide` reads it, for bindings, and for frameworks that make the upgrade themselves.
 *
 * @public
 */
export function handshakeRequest<Raw extends NodeRequest>(request: Raw): HandshakeRequest<Raw> {
  return {
    url: request.url ?? "",
    raw: request,
    header(name) {
      const value = request.headers[name];
      return typeof value === "object" ? value.join(", ") : value;
    },
  };
}
