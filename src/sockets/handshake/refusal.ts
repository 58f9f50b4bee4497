import type { RefusedHandshake } from "../binding.ts";
import type { RefusalReason } from "../events.ts";

/** Ends a handshake before the 101. */
export class Refusal extends Error {
  readonly reason: RefusalReason | "left";

  constructor(reason: RefusalReason | "left", cause?: unknown) {
    super(`The handshake was refused: ${reason}.`, { cause });
    this.reason = reason;
  }
}

export function refusedHandshake(reason: RefusalReason | "left"): RefusedHandshake {
  const status = reason === "left" ? 0 : statuses[reason];
  const headers = {
    "Cache-Control": "no-store",
    ...(status === 503 ? { "Retry-After": "1" } : {}), // seconds
    ...(status === 400 ? { "Sec-WebSocket-Version": "13, 8" } : {}), // RFC 6455, 4.4
  };
  return { accepted: false, reason, status, headers };
}

/**
 * Formats the answer to a refused handshake as HTTP/1.1, for bindings that have only the connection to answer with. It
 * announces that the connection is closed, which the binding must do.
 *
 * @public
 */
export function refusalText({ status, headers }: RefusedHandshake): string {
  const body = `${texts[status]}\n`;
  const head = {
    Connection: "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": body.length,
    ...headers,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${texts[status]}`, ...lines, "", body].join("\r\n");
}

const texts: { readonly [status: number]: string } = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

const statuses: { readonly [reason in RefusalReason]: number } = {
  "bad-request": 400,
  origin: 403,
  "no-cookie": 401,
  "bad-cookie": 401,
  "ambiguous-cookie": 401,
  "bad-ticket": 401,
  "no-session": 401,
  "old-id": 401,
  forbidden: 403,
  "too-many": 429,
  unavailable: 503,
  timeout: 503,
  closing: 503,
  "not-found": 404,
  taken: 0,
  declined: 0,
  error: 500,
};
