import type { AddressInfo } from "node:net";
import { attachSessions } from "sessionwire/socket.io";
import { Server } from "socket.io";
import { io as openClient, type Socket } from "socket.io-client";
import { type Caller, openBase, origin, Pairing, type SocketBinding, type SocketClient } from "./binding.ts";

type Transport = "polling" | "websocket";

/** `sessionwire/socket.io` over one of its transports. */
export function socketIoBinding(transport: Transport): SocketBinding {
  return {
    name: `socket.io over ${transport}`,
    lacks: { B: "its engine sets cookies (`initial_headers`), and the binding has no part in it" },
    async open(handler, options = {}) {
      const base = await openBase(handler, options);
      const { server } = base.site;
      const io = new Server(server, { transports: [transport] });
      const pairing = new Pairing();
      const texts = new WeakMap<object, string[]>();
      const sockets = attachSessions(io, {
        ...base.options,
        onConnection(socket, request, session) {
          const heard: string[] = [];
          texts.set(socket, heard);
          return pairing.arrive(String(pathOf(request.url)), { session, heard });
        },
        onMessage: (socket, [, text]) => texts.get(socket)?.push(String(text)),
      });
      const { port } = server.address() as AddressInfo; // a TCP server that listens has one
      const url = `http://127.0.0.1:${port}`;
      return {
        ...{ sockets, events: base.events, signIn: base.signIn },
        async connect(caller, ready) {
          const { path, served } = pairing.expect(ready);
          const client = await connectClient(openSocket(url, transport, caller, path));
          return { client, cookiesSet: [], ...(await served) };
        },
        async refuse(caller) {
          const socket = openSocket(url, transport, caller);
          socket.on("connect", () => socket.disconnect());
          const error = await Promise.race([heard<ConnectError>(socket, "connect_error"), rejectOnConnect(socket)]);
          socket.disconnect();
          return { status: statusOf(error) };
        },
        async [Symbol.asyncDispose]() {
          await sockets.close();
          await io.close();
          await base[Symbol.asyncDispose]();
        },
      };
    },
  };
}

/** A refusal by a middleware, or by the engine: with the status of its answer, or an error of ws that names it. */
export interface ConnectError extends Error {
  readonly data?: { readonly code: string; readonly status: number };
  readonly description?: number | { readonly message?: string };
}

export function statusOf({ data, description }: ConnectError): number {
  if (data) return data.status;
  return typeof description === "number" ? description : Number(/\d+$/.exec(description?.message ?? "")?.[0]);
}

/** A client that stays away when it is closed. */
export function openSocket(
  url: string,
  transport: Transport,
  { cookie, origin: given = origin, ticket }: Caller,
  path = "/",
): Socket {
  return openClient(url, {
    transports: [transport],
    forceNew: true,
    reconnection: false,
    query: { path },
    ...(ticket === undefined ? {} : { auth: { ticket } }),
    extraHeaders: { ...(cookie === undefined ? {} : { cookie }), ...(given === null ? {} : { origin: given }) },
  });
}

async function connectClient(socket: Socket): Promise<SocketClient> {
  let told = { code: 1005, reason: "" };
  socket.on("session_close", (said) => {
    told = said;
  });
  const closed = heard(socket, "disconnect").then(() => told);
  await heard(socket, "connect");
  return {
    closed,
    get isOpen() {
      return socket.connected;
    },
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
}

/** Resolves to what comes with an event when it comes. */
export function heard<Value = unknown>(socket: Socket, event: string): Promise<Value> {
  return new Promise((resolve) => socket.once(event, resolve));
}

async function rejectOnConnect(socket: Socket): Promise<never> {
  await heard(socket, "connect");
  throw new Error("The handshake was not refused.");
}

function pathOf(url = ""): string | null {
  return new URL(url, "http://server").searchParams.get("path");
}
