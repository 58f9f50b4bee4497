import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { systemClock } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { RefusalReason } from "./reports.ts";

/** What ends a handshake before the 101. */
export class Refusal extends Error {
  /** `left`: the client has gone, and there is nobody to answer. */
  readonly reason: RefusalReason | "left";
  readonly status: number;

  constructor(reason: RefusalReason | "left", cause?: unknown) {
    super(`The handshake was refused: ${reason}.`, { cause });
    this.reason = reason;
    this.status = reason === "left" ? 0 : statuses[reason];
  }
}

const statuses: { readonly [reason in RefusalReason]: number } = {
  bad_request: 400,
  origin: 403,
  no_cookie: 401,
  bad_cookie: 401,
  no_session: 401,
  forbidden: 403,
  too_many: 429,
  unavailable: 503,
  timeout: 503,
  closing: 503,
  not_found: 404,
  error: 500,
};

/** A peer that takes not even an answer is not waited for any longer. */
const ANSWER_WITHIN_MS = 1000;

/** Answers as HTTP does, and ends the connection. */
export function answer(socket: Duplex, { reason, status }: Refusal): void {
  if (reason === "left" || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = `${STATUS_CODES[status]}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${body.length}`,
    "Cache-Control: no-store",
    ...(status === 400 ? ["Sec-WebSocket-Version: 13, 8"] : []), // those that ws speaks (RFC 6455, 4.4)
    ...(status === 503 ? ["Retry-After: 1"] : []), // seconds
  ];
  const cancelTimer = scheduleDeadline(systemClock, () => socket.destroy(), ANSWER_WITHIN_MS);
  socket.once("close", cancelTimer).once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
