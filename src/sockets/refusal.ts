import type { RefusedHandshake } from "./binding.ts";
import type { RefusalReason } from "./events.ts";

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
  };
  return { accepted: false, reason, status, headers };
}

const statuses: { readonly [reason in RefusalReason]: number } = {
  bad_request: 400,
  origin: 403,
  no_cookie: 401,
  bad_cookie: 401,
  ambiguous_cookie: 401,
  bad_ticket: 401,
  no_session: 401,
  old_id: 401,
  forbidden: 403,
  too_many: 429,
  unavailable: 503,
  timeout: 503,
  closing: 503,
  not_found: 404,
  taken: 0,
  declined: 0,
  error: 500,
};
