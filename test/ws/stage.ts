import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { SessionOptions } from "express-session";
import type { SessionHandler, SessionManager, SessionManagerOptions } from "sessionwire";
import {
  attachSessions,
  type SessionSocketEvent,
  type SessionSockets,
  type SessionSocketsOptions,
  type SocketSession,
} from "sessionwire/ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { ExpressVisit } from "../express/express-site.ts";
import type { Browser } from "../express/site.ts";
import { openBase, origin } from "../sockets/binding.ts";
import { type Client, type ClientOptions, connectClient, type RefusedHandshake, refusedHandshake } from "./client.ts";

/** Both sides of a socket. */
export interface Pair {
  readonly client: Client;
  readonly socket: WebSocket;
  readonly session: SocketSession;
}

/** An Express application and a WebSocket server beside it, on one manager. */
export interface Stage extends AsyncDisposable {
  readonly server: Server;
  readonly url: string;
  readonly wss: WebSocketServer;
  readonly sessions: SessionManager;
  readonly sockets: SessionSockets;
  readonly events: SessionSocketEvent[];
  /** A browser that has signed in as Ann. */
  signIn(): Promise<Browser<ExpressVisit>>;
  /** Opens a socket with what a browser, or a header, has. */
  connect(from: Browser<ExpressVisit> | ClientOptions): Promise<Pair>;
  refuse(from: Browser<ExpressVisit> | ClientOptions): Promise<RefusedHandshake>;
}

export interface StageOptions {
  readonly manager?: Partial<SessionManagerOptions>;
  readonly site?: Partial<SessionOptions>;
  readonly sockets?: Partial<SessionSocketsOptions>;
}

export const allowedOrigins: string[] = [origin];

export async function openStage(handler: SessionHandler, options: StageOptions = {}): Promise<Stage> {
  const base = await openBase(handler, { ...options, sockets: {} });
  const { server } = base.site;
  const wss = new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 });
  const sockets = attachSessions(server, wss, { ...base.options, ...options.sockets });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const url = `ws://127.0.0.1:${port}`;
  const pairing = pairUp(wss);
  return {
    ...{ server, url, wss, sockets },
    sessions: base.sessions,
    events: base.events,
    signIn: base.signIn,
    async connect({ cookie, ...rest }) {
      const path = pairing.nextPath();
      const client = await connectClient(url + path, { ...clientOptions(rest), cookie });
      return { client, ...(await pairing.served(path)) };
    },
    refuse: ({ cookie, ...rest }) => refusedHandshake(url, { ...clientOptions(rest), cookie }),
    async [Symbol.asyncDispose]() {
      await sockets.close();
      await base[Symbol.asyncDispose]();
    },
  };
}

function clientOptions(from: object): ClientOptions {
  return "visit" in from ? {} : from;
}

type Served = Pick<Pair, "socket" | "session">;

/** Tells by the path of its request which socket is whose. */
export function pairUp(wss: WebSocketServer): { nextPath(): string; served(path: string): Promise<Served> } {
  const served = new Map<string, (pair: Served) => void>();
  const pairs = new Map<string, Promise<Served>>();
  let count = 0;
  wss.on("connection", (socket: WebSocket, request: IncomingMessage, session: SocketSession) => {
    served.get(request.url ?? "")?.({ socket, session });
  });
  return {
    nextPath() {
      count += 1;
      const path = `/${count}`;
      pairs.set(path, new Promise((resolve) => served.set(path, resolve)));
      return path;
    },
    served: (path) => pairs.get(path) ?? Promise.reject(new Error("There is no such path.")),
  };
}
