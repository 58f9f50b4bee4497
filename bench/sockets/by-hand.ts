import type { WebSocket, WebSocketServer } from "ws";

const EVERY_MS = 30_000;

/** Checks idle sockets as one would by hand: the heartbeat from the README of ws, and a read of each session. */
export function lookAfterByHand(wss: WebSocketServer, look: (socket: WebSocket) => Promise<unknown>): void {
  const silent = new WeakSet<WebSocket>();
  wss.on("connection", (socket) => socket.on("pong", () => silent.delete(socket)));
  setInterval(() => {
    for (const socket of wss.clients) {
      if (silent.has(socket)) {
        socket.terminate();
        continue;
      }
      silent.add(socket);
      socket.ping();
      look(socket); // an absent session ends the bench
    }
  }, EVERY_MS);
}
