import type { WebSocket } from "ws";

const everyMs = 30_000;

/** Cuts a socket off whose browser is gone without a word: it has not answered one ping by the time of the next. */
export function keepHeartbeat(socket: WebSocket): void {
  let hasAnswered = true;
  const timer = setInterval(() => {
    if (!hasAnswered) return socket.terminate();
    hasAnswered = false;
    socket.ping();
  }, everyMs).unref();
  socket.on("pong", () => {
    hasAnswered = true;
  });
  socket.on("close", () => clearInterval(timer));
}
