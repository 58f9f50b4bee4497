import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { systemClock } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { RefusedHandshake } from "sessionwire/sockets";

/** A peer that takes not even an answer is not waited for any longer. */
const ANSWER_WITHIN_MS = 1000;

/** Answers as HTTP does, and ends the connection. */
export function writeRefusal(socket: Duplex, { reason, status, headers }: RefusedHandshake): void {
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
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(status === 400 ? ["Sec-WebSocket-Version: 13, 8"] : []), // those that ws speaks (RFC 6455, 4.4)
  ];
  const cancelTimer = scheduleDeadline(systemClock, () => socket.destroy(), ANSWER_WITHIN_MS);
  socket.once("close", cancelTimer).once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
