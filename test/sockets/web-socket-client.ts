import { once } from "node:events";
import { WebSocket } from "ws";
import { type Caller, origin, type SocketClient } from "./binding.ts";

/** A client of WebSocket, as a browser has one, and the cookies that came with its handshake. */
export async function connectWebSocket(
  url: string,
  caller: Caller,
): Promise<{ readonly client: SocketClient; readonly cookiesSet: readonly string[] }> {
  const socket = openSocket(url, caller);
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
  });
  socket.on("error", () => {}); // followed by the end
  const [[response]] = await Promise.all([once(socket, "upgrade"), once(socket, "open")]);
  const client: SocketClient = {
    closed,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
  return { client, cookiesSet: response.headers["set-cookie"] ?? [] };
}

/** The answer to a handshake that is refused. */
export async function refusedWebSocket(url: string, caller: Caller): Promise<{ readonly status: number }> {
  const socket = openSocket(url, caller);
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => {
      socket.terminate();
      reject(new Error("The handshake was not refused."));
    });
    socket.on("unexpected-response", (_, response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0 });
    });
  });
}

function openSocket(url: string, { cookie, origin: given = origin }: Caller): WebSocket {
  return new WebSocket(url, {
    headers: { ...(cookie === undefined ? {} : { cookie }), ...(given === null ? {} : { origin: given }) },
    perMessageDeflate: false,
  });
}
