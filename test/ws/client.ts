import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";

/** A browser's side of a socket. */
export interface Client {
  readonly socket: WebSocket;
  /** What the server has sent, as text. */
  readonly messages: string[];
  /** With which code and reason it was closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly isOpen: boolean;
  /** The cookies that came with the handshake. */
  readonly cookiesSet: readonly string[];
  send(text: string): void;
  close(): void;
}

export interface ClientOptions {
  readonly cookie?: string | undefined;
  /** `null`: none is sent. */
  readonly origin?: string | null;
  readonly headers?: { readonly [name: string]: string | string[] };
}

/** Resolves when the handshake is through. */
export async function connectClient(url: string, options: ClientOptions): Promise<Client> {
  const socket = openSocket(url, options);
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(String(data)));
  socket.on("error", () => {}); // followed by the end
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
  });
  const [[response]] = await Promise.all([once(socket, "upgrade"), once(socket, "open")]);
  return {
    socket,
    messages,
    closed,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    cookiesSet: response.headers["set-cookie"] ?? [],
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
}

/** The answer to a handshake that is refused. */
export interface RefusedHandshake {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
}

/** Rejects when it is not refused. */
export async function refusedHandshake(url: string, options: ClientOptions): Promise<RefusedHandshake> {
  const socket = openSocket(url, options);
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => {
      socket.terminate();
      reject(new Error("The handshake was not refused."));
    });
    socket.on("unexpected-response", (_, response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
  });
}

function openSocket(url: string, { cookie, origin = "http://app.example", headers = {} }: ClientOptions): WebSocket {
  return new WebSocket(url, {
    headers: {
      ...(cookie === undefined ? {} : { cookie }),
      ...(origin === null ? {} : { origin }),
      ...headers,
    },
    perMessageDeflate: false,
  });
}
