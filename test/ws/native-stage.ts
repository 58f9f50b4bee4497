import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createSessionManager,
  type Session,
  type SessionHandler,
  type SessionManager,
  type SessionManagerOptions,
} from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock, type VirtualClock } from "sessionwire/testing";
import {
  attachSessions,
  type SessionSocketEvent,
  type SessionSockets,
  type SessionSocketsOptions,
} from "sessionwire/ws";
import { type ServerOptions, WebSocketServer } from "ws";
import { connectClient, type RefusedHandshake, refusedHandshake } from "./client.ts";
import { allowedOrigins, type Pair, pairUp } from "./stage.ts";
import { type TroubledHandler, withTrouble } from "./trouble.ts";

/** A WebSocket server on sessions of the native format in memory, in time that passes only when a test says so. */
export interface NativeStage extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly handler: TroubledHandler;
  readonly sessions: SessionManager;
  readonly sockets: SessionSockets;
  readonly wss: WebSocketServer;
  readonly server: Server;
  readonly events: SessionSocketEvent[];
  /** A session that is stored. */
  create(): Promise<Session>;
  connect(session: { readonly id: string }): Promise<Pair>;
  refuse(session: { readonly id: string }): Promise<RefusedHandshake>;
  /** Where to connect to, and with what. */
  address(session: { readonly id: string }): Promise<{ readonly url: string; readonly cookie: string }>;
  /** A manager on the same store, as in another process. */
  elsewhere(): SessionManager;
}

export async function openNativeStage(
  options: Partial<SessionManagerOptions> = {},
  socketOptions: Partial<SessionSocketsOptions> = {},
  serverOptions: ServerOptions = {},
): Promise<NativeStage> {
  const clock = createVirtualClock();
  const store: SessionHandler = createMemoryHandler({ clock });
  const handler = withTrouble(store);
  const sessions = createSessionManager({ handler, clock, ...options });
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const wss = new WebSocketServer({ noServer: true, maxPayload: 2 ** 24, ...serverOptions });
  const events: SessionSocketEvent[] = [];
  const sockets = attachSessions(server, wss, {
    sessions,
    allowedOrigins,
    clock,
    heartbeatSeconds: Infinity, // the answers to pings take real time
    onEvent: (event) => events.push(event),
    ...socketOptions,
  });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const url = `ws://127.0.0.1:${port}`;
  const pairing = pairUp(wss);
  const cookieOf = async (session: { readonly id: string }) => {
    const header = await sessions.cookie.serialize(session);
    return header.slice(0, header.indexOf(";"));
  };
  return {
    clock,
    handler,
    sessions,
    sockets,
    wss,
    server,
    events,
    async create() {
      const session = await sessions.create();
      session.set("user", "Ann");
      await session.save();
      return session;
    },
    async connect(session) {
      const path = pairing.nextPath();
      const client = await connectClient(url + path, { cookie: await cookieOf(session) });
      return { client, ...(await pairing.served(path)) };
    },
    refuse: async (session) => refusedHandshake(url, { cookie: await cookieOf(session) }),
    address: async (session) => ({ url, cookie: await cookieOf(session) }),
    elsewhere: () => createSessionManager({ handler: store, clock, ...options }),
    async [Symbol.asyncDispose]() {
      for (const client of wss.clients) client.terminate();
      await sockets.close();
      server.close();
      server.closeAllConnections();
      await sessions.close();
    },
  };
}
