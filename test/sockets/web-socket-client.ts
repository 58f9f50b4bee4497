import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket } from "ws";
import { type Caller, origin, type Pairing, type SocketClient, type SocketStage, type StageBase } from "./binding.ts";

/** The part of a stage that is the same for all bindings to WebSockets: its clients. */
export function webSocketClients(
  { site, events, signIn }: StageBase,
  pairing: Pairing,
): Pick<SocketStage, "events" | "signIn" | "connect" | "refuse"> {
  const url = `ws://127.0.0.1:${(site.server.address() as AddressInfo).port}`; // a TCP server that listens has a port
  return {
    ...{ events, signIn },
    async connect(caller, ready) {
      const { path, served } = pairing.expect(ready);
      return { ...(await connectWebSocket(url + path, caller)), ...(await served) };
    },
    refuse: (caller) => refusedWebSocket(url, caller),
  };
}

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

function openSocket(url: string, { cookie, origin: given = origin, ticket }: Caller): WebSocket {
  return new WebSocket(url, {
    headers: {
      ...(cookie === undefined ? {} : { cookie }),
      ...(given === null ? {} : { origin: given }),
      ...(ticket === undefined ? {} : { authorization: `Ticket ${ticket}` }),
    },
    perMessageDeflate: false,
  });
}
