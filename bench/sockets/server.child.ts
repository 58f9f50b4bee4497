import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Request } from "express";
import session from "express-session";
import { createSessionManager, expressFormat } from "sessionwire";
import { attachSessions, type SessionSocketsOptions } from "sessionwire/ws";
import { type WebSocket, WebSocketServer } from "ws";
import { serveQuestions } from "../tools/children.ts";
import { collectYoung } from "../tools/collect.ts";
import { lookAfterByHand } from "./by-hand.ts";
import { connectStores, countIn, memoryStores, type Stored } from "./stores.ts";

// A WebSocket server that bench/sockets.ts measures, in a separate process. It answers each message with the same word
// once it has done what the word asks for: "update" increments a count in the session, "read" reads it, "echo" does
// nothing.

/**
 * The ways in which sockets access their sessions. The last ones show the cost of one part: those by hand also check
 * idle sockets.
 */
export type SocketVariant =
  | "bare"
  | "by hand"
  | "express-session"
  | "sessionwire"
  | "kept by hand"
  | "heartbeat"
  | "re-validation";

/** The memory of a server, after a collection of all its garbage. */
export interface ServerMemory {
  readonly heapUsed: number;
  readonly rss: number;
}

/** Processes a message in one variant. */
interface Work {
  update(): Promise<unknown>;
  read(): Promise<number>;
}

const { REDIS_URL, VARIANT = "", SESSIONS = "0" } = process.env;
const secret = "of this bench alone";
const origin = "http://app.example";
const stores = REDIS_URL === undefined ? memoryStores() : await connectStores(REDIS_URL);
const wss = new WebSocketServer({ noServer: true, maxPayload: 2 ** 24, perMessageDeflate: false });
// Many connections arrive at once. Those that the kernel does not queue retry after a second, which says nothing about
// the server.
const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
await once(server, "listening");
const ids = Array.from({ length: Number(SESSIONS) }, () => randomBytes(24).toString("base64url"));
await stores.fill(ids);

const idOf = new WeakMap<WebSocket, string>();
const delay = monitorEventLoopDelay({ resolution: 1 });

const variants: { readonly [name in SocketVariant]: () => void } = {
  bare: acceptAll,
  "by hand": acceptByHand,
  "express-session": serveExpressSession,
  sessionwire: () => serveSessionwire(),
  "kept by hand": () => {
    acceptByHand();
    lookAfterByHand(wss, async (socket) => countIn(JSON.parse(await stores.get(idOf.get(socket) ?? ""))));
  },
  heartbeat: () => serveSessionwire({ revalidateEverySeconds: 3600, maxStalenessSeconds: 7200 }),
  "re-validation": () => serveSessionwire({ heartbeatSeconds: Number.POSITIVE_INFINITY }),
};
variants[VARIANT as SocketVariant]();

const answers: Readonly<Record<string, () => unknown>> = {
  fill: () => stores.fill(ids),
  total: () => stores.total(ids),
  sockets: () => wss.clients.size,
  memory,
  collect: collectYoung,
  watch() {
    delay.enable();
    delay.reset();
  },
  delay: () => delay.percentile(99) / 1e6,
};
serveQuestions(
  { port: (server.address() as AddressInfo).port, cookies: ids.map(cookieOf), origin },
  (question: string) => answers[question]?.(),
);

function memory(): ServerMemory {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapUsed, rss };
}

/** The session object stays with the socket. */
function serveExpressSession(): void {
  const parse = session({ store: stores.expressStore, secret, resave: false, saveUninitialized: false });
  server.on("upgrade", (request, socket, head) => {
    parse(request as Request, {} as ServerResponse as never, (error?: unknown) => {
      if (error !== undefined) throw error;
      countIn((request as Request).session as unknown as Stored); // it was found
      wss.handleUpgrade(request, socket, head, (opened) => answer(opened, workOfExpressSession(request as Request)));
    });
  });
}

function serveSessionwire(options: Partial<SessionSocketsOptions<{ n: number }>> = {}): void {
  const sessions = createSessionManager<{ n: number }>({ handler: stores.handler, format: expressFormat() });
  attachSessions(server, wss, {
    sessions,
    cookie: { secrets: [secret] },
    allowedOrigins: [origin],
    maxSocketsPerSession: Number.POSITIVE_INFINITY,
    ...options,
    onConnection: (socket, _, live) =>
      answer(socket, {
        update: () => live.change((draft) => draft.update("n", (n = 0) => n + 1)),
        read: async () => countIn({ n: (await live.open()).get("n") }),
      }),
  });
}

function acceptAll(): void {
  server.on("upgrade", (request, socket, head) => {
    wss.handleUpgrade(request, socket, head, (opened) => answer(opened, undefined));
  });
}

/** Accepts sockets whose session exists. */
function acceptByHand(): void {
  server.on("upgrade", async (request, socket, head) => {
    const id = idIn(request);
    countIn(JSON.parse(await stores.get(id)));
    wss.handleUpgrade(request, socket, head, (opened) => {
      idOf.set(opened, id);
      answer(opened, workByHand(id));
      wss.emit("connection", opened, request);
    });
  });
}

/** Updates by hand: the last writer overwrites the changes of others. */
function workByHand(id: string): Work {
  const load = async (): Promise<Stored> => JSON.parse(await stores.get(id));
  return {
    read: async () => countIn(await load()),
    async update() {
      const stored = await load();
      stored.n += 1;
      await stores.set(id, JSON.stringify(stored));
    },
  };
}

/** Updates in the recommended way for sockets that share the sessions of express-session: reload, change, save. */
function workOfExpressSession(request: Request): Work {
  const reload = () =>
    new Promise<void>((resolve, reject) => request.session.reload((error) => (error ? reject(error) : resolve())));
  const current = () => request.session as unknown as Stored; // another object after each reload
  return {
    async read() {
      await reload();
      return countIn(current());
    },
    async update() {
      await reload();
      current().n += 1;
      await new Promise<void>((resolve, reject) =>
        request.session.save((error) => (error ? reject(error) : resolve())),
      );
    },
  };
}

/** Any error ends the process, and with it the bench. */
function answer(socket: WebSocket, work: Work | undefined): void {
  socket.on("message", async (data) => {
    const wish = String(data);
    if (wish === "update" || wish === "read") {
      if (work === undefined) throw new Error("There is no session to work on.");
      await work[wish]();
    }
    socket.send(wish);
  });
}

function cookieOf(id: string): string {
  const signature = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  return `connect.sid=${encodeURIComponent(`s:${id}.${signature}`)}`;
}

function idIn({ headers }: IncomingMessage): string {
  return /s%3A([^.]+)\./.exec(headers.cookie ?? "")?.[1] ?? "";
}
