import type { WebSocket, WebSocketServer } from "ws";

const EVERY_MS = 30_000;

/** Looks after idle sockets as it is done by hand: the heartbeat of the README of ws, and a look at the session of each. */
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
      look(socket); // one that is not there ends the bench
    }
  }, EVERY_MS);
}
