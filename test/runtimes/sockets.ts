import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SessionHandler, SessionManager } from "sessionwire";
import type { SessionSocketEvent, SessionSockets, SocketOptions, SocketSession } from "sessionwire/sockets";
import type { ServerOptions, WebSocketServer } from "ws";
import { within } from "../laws/within.ts";
import { frame, handshake, openRawClient, type RawClient } from "../ws/raw-client.ts";
import type { Case } from "./case.ts";
import { serveHooks } from "./crossws-server.ts";

type CoreSubject = Pick<typeof import("sessionwire"), "createSessionManager"> &
  Pick<typeof import("sessionwire/memory"), "createMemoryHandler">;

/** The parts that the cases of sockets are checked on: the real ones, or broken ones. */
export type SocketSubject = CoreSubject &
  Pick<typeof import("sessionwire/ws"), "attachSessions"> & {
    readonly WebSocketServer: new (options: ServerOptions) => WebSocketServer;
  };

export type CrosswsSubject = CoreSubject & Pick<typeof import("sessionwire/crossws"), "createSessionHooks">;

/** Sockets that are served. */
interface Served {
  readonly sockets: SessionSockets;
  readonly port: number;
  close(): void | Promise<void>;
}

/** Serves sockets by a binding. The application hears messages, and may answer. */
type Serve = (
  options: Pick<SocketOptions, "sessions" | "allowedOrigins" | "maxSocketsPerSession" | "authorize" | "onEvent">,
  hear: (text: string, session: SocketSession, answer: (text: string) => void) => Promise<void>,
) => Promise<Served>;

interface Site {
  readonly sessions: SessionManager;
  readonly sockets: SessionSockets;
  readonly handler: SessionHandler;
  readonly events: readonly SessionSocketEvent[];
  /** What has come in as messages. */
  readonly heard: readonly string[];
  /** The header of a session that is stored, of that user. */
  signIn(user: string): Promise<{ readonly id: string; readonly Cookie: string }>;
  /** Sends a handshake with these headers, and what comes right behind it. */
  connect(headers: Readonly<Record<string, string>>, behind?: Buffer): Promise<RawClient>;
  /** Opens a socket, and sends frames when it is open. */
  open(user: { readonly Cookie: string }, ...frames: readonly Buffer[]): Promise<RawClient>;
  status(headers: Readonly<Record<string, string>>): Promise<number | undefined>;
}

/** What `sessionwire/ws` takes of a runtime: its HTTP server, its sockets, and the ws that it has, which may be one of its own. */
export function socketCases(subject: SocketSubject): Case[] {
  const inSite = casesIn(subject, serveByWs(subject));
  return [
    ...bindingCases(inSite),
    inSite("messages reach the application that come together with the handshake", async (site) => {
      const { Cookie } = await site.signIn("Ann");
      const client = await site.connect({ Cookie }, Buffer.concat([frame("1"), frame("2")]));
      assert.equal(await client.status(), 101);
      await until(client, () => site.heard.includes("2"));
      assert.deepEqual(site.heard, ["1", "2"]);
    }),
    inSite("a message beyond maxPayload closes the socket with 1009, and is reported", async (site) => {
      const { Cookie } = await site.signIn("Ann");
      const client = await site.connect({ Cookie }, frame("x".repeat(101)));
      await until(client, () => site.heard.length > 0);
      assert.equal(closeCode(client), 1009);
      assert.ok(site.events.some(({ type }) => type === "failed"));
      assert.deepEqual(site.heard, []);
    }),
    inSite("a message in more parts than maxFragments closes the socket with 1008", async (site) => {
      const { Cookie } = await site.signIn("Ann");
      const parts = [frame("a", 0x01), frame("a", 0x00), frame("a", 0x80)];
      const client = await site.connect({ Cookie }, Buffer.concat(parts));
      await until(client, () => site.heard.length > 0);
      assert.equal(closeCode(client), 1008);
    }),
  ];
}

/** What `sessionwire/crossws` takes of a runtime: the server that it has of its own, by the adapter for it. */
export function crosswsCases(subject: CrosswsSubject): Case[] {
  return bindingCases(casesIn(subject, serveByCrossws(subject)));
}

type InSite = (name: string, check: (site: Site) => Promise<void>) => Case;

function casesIn(subject: CoreSubject, serve: Serve): InSite {
  return (name, check) => ({
    name,
    run: async () => assert.notEqual(await within(5000, onSite(subject, serve, check)), "late"),
  });
}

/** The cases that every binding is held to. */
function bindingCases(inSite: InSite): Case[] {
  return [
    inSite(
      "a handshake without a cookie, with a forged one or with that of a session that has ended gets 401",
      async (site) => {
        const { id, Cookie } = await site.signIn("Ann");
        assert.equal(await site.status({}), 401);
        assert.equal(await site.status({ Cookie: `session=${id}` }), 401); // not signed
        assert.equal(await site.status({ Cookie: Cookie.slice(0, -1) + (Cookie.endsWith("A") ? "E" : "A") }), 401);
        assert.equal(await site.status({ Cookie: Cookie.slice(0, -1) + (Cookie.endsWith("A") ? "E" : "A") }), 401);
        await site.sessions.destroy(id);
        assert.equal(await site.status({ Cookie }), 401);
      },
    ),
    inSite("a handshake from another page gets 403", async (site) => {
      const { Cookie } = await site.signIn("Ann");
      assert.equal(await site.status({ Cookie, Origin: "http://evil.example" }), 403);
    }),
    inSite("a handshake that the application does not want gets 403", async (site) => {
      const { Cookie } = await site.signIn("Eve");
      assert.equal(await site.status({ Cookie }), 403);
    }),
    inSite("a handshake gets 503 when the store fails", async (site) => {
      const { Cookie } = await site.signIn("Ann");
      site.handler.read = () => Promise.reject(new Error("The store is away."));
      assert.equal(await site.status({ Cookie }), 503);
    }),
    inSite(
      "of many handshakes at once as many come through as there may be sockets, and the others get 429",
      async (site) => {
        const { Cookie } = await site.signIn("Ann");
        const statuses = await Promise.all(Array.from({ length: 10 }, () => site.status({ Cookie })));
        assert.deepEqual(statuses.sort(), [...Array(3).fill(101), ...Array(7).fill(429)]);
      },
    ),
    inSite("messages reach the application in order", async (site) => {
      const client = await site.open(await site.signIn("Ann"), frame("1"), frame("2"), frame("3"));
      await until(client, () => site.heard.includes("3"));
      assert.deepEqual(site.heard, ["1", "2", "3"]);
    }),
    inSite("what a message writes into the session is stored, and answered", async (site) => {
      const ann = await site.signIn("Ann");
      const client = await site.open(ann, frame("Zoë"));
      await until(client, () => client.received.includes("stored"));
      assert.equal((await site.sessions.open(ann.id))?.get("said"), "Zoë");
    }),
    inSite("a session that ends closes its socket with 1008, and nothing more is heard of it", async (site) => {
      const ann = await site.signIn("Ann");
      const client = await site.open(ann, frame("before"));
      await until(client, () => site.heard.length === 1);
      await site.sessions.destroy(ann.id);
      await until(client, () => closeCode(client) !== undefined);
      assert.equal(closeCode(client), 1008);
      client.socket.write(Buffer.concat([frame("after"), frame("", 0x88)]));
      await client.ended;
      assert.deepEqual(site.heard, ["before"]);
    }),
    inSite("the end of the server closes its sockets with 1001", async (site) => {
      const client = await site.open(await site.signIn("Ann"));
      const closing = site.sockets.close();
      await until(client, () => closeCode(client) !== undefined);
      assert.equal(closeCode(client), 1001);
      client.socket.write(frame("", 0x88));
      await closing;
      assert.equal(site.sockets.size, 0);
    }),
  ];
}

function serveByWs({ attachSessions, WebSocketServer }: SocketSubject): Serve {
  return async (options, hear) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const sockets = attachSessions(server, new WebSocketServer({ noServer: true, maxPayload: 100, maxFragments: 2 }), {
      ...options,
      onConnection(socket, _request, session) {
        socket.on("message", (data) => hear(String(data), session, (answer) => socket.send(answer)));
      },
    });
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    return { sockets, port, close: () => void server.close() };
  };
}

function serveByCrossws({ createSessionHooks }: CrosswsSubject): Serve {
  return async (options, hear) => {
    const { hooks, sockets } = createSessionHooks(options, {
      message: (peer, message, session) => hear(message.text(), session, (answer) => peer.send(answer)),
    });
    return { sockets, ...(await serveHooks(hooks)) };
  };
}

async function onSite(
  { createSessionManager, createMemoryHandler }: CoreSubject,
  serve: Serve,
  check: (site: Site) => Promise<void>,
): Promise<void> {
  const handler = createMemoryHandler();
  const cookie = { name: "session", secure: false, secrets: ["a secret of more than thirty-two bytes"] };
  const sessions = createSessionManager({ handler, cookie });
  const events: SessionSocketEvent[] = [];
  const heard: string[] = [];
  const { sockets, port, close } = await serve(
    {
      sessions,
      allowedOrigins: ["http://app.example"],
      maxSocketsPerSession: 3,
      authorize: (session) => session.get("user") === "Ann",
      onEvent: (event) => events.push(event),
    },
    async (text, session, answer) => {
      heard.push(text);
      await session.change((draft) => draft.set("said", text));
      answer("stored");
    },
  );
  const clients: RawClient[] = [];
  const connect: Site["connect"] = async (headers, behind = Buffer.alloc(0)) => {
    const client = await openRawClient(`ws://127.0.0.1:${port}`);
    clients.push(client);
    client.socket.write(Buffer.concat([Buffer.from(handshake(headers)), behind]));
    return client;
  };
  try {
    await check({
      ...{ sessions, sockets, handler, events, heard, connect },
      async signIn(user) {
        const session = await sessions.create();
        session.set("user", user);
        await session.save();
        const [Cookie = ""] = (await sessions.cookie.serialize(session)).split(";");
        return { id: session.id, Cookie };
      },
      async open({ Cookie }, ...frames) {
        const client = await connect({ Cookie });
        assert.equal(await client.status(), 101);
        client.socket.write(Buffer.concat(frames));
        return client;
      },
      status: async (headers) => (await connect(headers)).status(),
    });
  } finally {
    for (const { socket } of clients) socket.destroy();
    await sockets.close();
    await close();
    await sessions.close();
  }
}

/** Looks again whenever something comes in; the case fails when nothing does in its time. */
async function until({ socket, ended }: RawClient, isSo: () => boolean): Promise<void> {
  while (!isSo() && !socket.destroyed) await Promise.race([once(socket, "data"), ended]);
}

/** The code of the closing frame that has come, if one has. */
function closeCode({ received }: RawClient): number | undefined {
  const place = received.lastIndexOf("\x88");
  return place === -1 ? undefined : received.charCodeAt(place + 2) * 256 + received.charCodeAt(place + 3);
}
