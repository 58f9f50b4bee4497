import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { RedisStore } from "connect-redis";
import type { Request } from "express";
import session from "express-session";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { createSessionManager, expressFormat, withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { attachSessions } from "sessionwire/ws";
import { type WebSocket, WebSocketServer } from "ws";

// A WebSocket server that bench/sockets.ts measures, in a process of its own. To each message it answers with one word when it has
// done what that asks for: "update" adds one to a count in the session, "read" reads it, "echo" does nothing.

/** What is stored of a session: about 1 KB, as express-session has it. */
export interface Stored {
  n: number;
  readonly [name: string]: unknown;
}

/** How the sockets get at their sessions. */
export type SocketVariant = "bare" | "by hand" | "express-session" | "sessionwire";

/** What a variant does with a message; `undefined` where it has no sessions. */
interface Work {
  update(): Promise<unknown>;
  read(): Promise<unknown>;
}

const { REDIS_URL = "", VARIANT = "", SESSIONS = "0" } = process.env;
const secret = "of this bench alone";
const origin = "http://app.example";
const raw = new Redis(REDIS_URL);
const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const ids = Array.from({ length: Number(SESSIONS) }, () => randomBytes(24).toString("base64url"));
await createSessions();

const variants: { readonly [name in SocketVariant]: (server: Server) => Promise<void> } = {
  bare: async () => acceptAll(() => undefined),
  "by hand": async () => acceptAll((request) => workByHand(idIn(request))),
  "express-session": serveExpressSession,
  sessionwire: serveSessionwire,
};
await variants[VARIANT as SocketVariant](server);

process.on("message", async (question) => {
  if (question === "end") process.exit();
  if (question === "reset") await createSessions();
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const stored = await raw.mget(ids.map((id) => `sess:${id}`));
  const total = stored.reduce((sum, text) => sum + (text === null ? 0 : JSON.parse(text).n), 0);
  process.send?.({ heapUsed, rss, total, sockets: wss.clients.size });
});
process.send?.({ port: (server.address() as AddressInfo).port, cookies: ids.map(cookieOf), origin });

async function serveExpressSession(): Promise<void> {
  const client = createClient({ url: REDIS_URL });
  await client.connect();
  const parse = session({ store: new RedisStore({ client }), secret, resave: false, saveUninitialized: false });
  server.on("upgrade", (request, socket, head) => {
    parse(request as Request, {} as ServerResponse as never, () => {
      wss.handleUpgrade(request, socket, head, (opened) => answer(opened, workOfExpressSession(request as Request)));
    });
  });
}

async function serveSessionwire(): Promise<void> {
  const handler = withConnectionCheck(createRedisHandler(REDIS_URL));
  const sessions = createSessionManager<{ n: number }>({ handler, format: expressFormat() });
  attachSessions(server, wss, {
    sessions,
    cookie: { secrets: [secret] },
    allowedOrigins: [origin],
    maxSocketsPerSession: Number.POSITIVE_INFINITY,
    onConnection: (socket, _, live) =>
      answer(socket, {
        update: () => live.update((draft) => draft.update("n", (n = 0) => n + 1)),
        read: async () => (await live.open()).get("n"),
      }),
  });
}

function acceptAll(workOf: (request: IncomingMessage) => Work | undefined): void {
  server.on("upgrade", (request, socket, head) => {
    wss.handleUpgrade(request, socket, head, (opened) => answer(opened, workOf(request)));
  });
}

/** As it is done by hand: whoever writes last wipes what the other one wrote. */
function workByHand(id: string): Work {
  const key = `sess:${id}`;
  const read = async (): Promise<Stored> => JSON.parse((await raw.get(key)) ?? "");
  return {
    read,
    async update() {
      const stored = await read();
      stored.n += 1;
      await raw.set(key, JSON.stringify(stored), "EX", 86_400);
    },
  };
}

/** What is advised where sockets share the sessions of express-session: reload, change, save. */
function workOfExpressSession(request: Request): Work {
  const reload = () =>
    new Promise<void>((resolve, reject) => request.session.reload((error) => (error ? reject(error) : resolve())));
  return {
    read: reload,
    async update() {
      await reload();
      (request.session as unknown as Stored).n += 1;
      await new Promise<void>((resolve, reject) =>
        request.session.save((error) => (error ? reject(error) : resolve())),
      );
    },
  };
}

function answer(socket: WebSocket, work: Work | undefined): void {
  socket.on("message", async (data) => {
    const wish = String(data);
    if (wish === "update") await work?.update();
    else if (wish === "read") await work?.read();
    socket.send("done");
  });
}

async function createSessions(): Promise<void> {
  const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };
  const stored: Stored = { cookie, n: 0, user: { id: 4711, name: "Zoë" }, items: "x".repeat(900) };
  await Promise.all(ids.map((id) => raw.set(`sess:${id}`, JSON.stringify(stored), "EX", 86_400)));
}

function cookieOf(id: string): string {
  const signature = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  return `connect.sid=${encodeURIComponent(`s:${id}.${signature}`)}`;
}

function idIn({ headers }: IncomingMessage): string {
  return /s%3A([^.]+)\./.exec(headers.cookie ?? "")?.[1] ?? "";
}
