import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { attachSessions, type SessionSocketEvent, type SessionSockets } from "sessionwire/ws";
import { describe, expect, test } from "vitest";
import { type ServerOptions, WebSocketServer } from "ws";
import { connectClient } from "./client.ts";
import { type NativeStage, openNativeStage } from "./native-stage.ts";
import { handshake, openRawClient, type RawClient } from "./raw-client.ts";
import { expectNothingLeft, strayErrors, withClient } from "./raw-stage.ts";
import { allowedOrigins } from "./stage.ts";

const openChat = (serverOptions: ServerOptions = {}) => openNativeStage({}, {}, { path: "/chat", ...serverOptions });

/** Has a second WebSocket server at the same HTTP server, for another path. */
function attachNews(stage: NativeStage): SessionSockets & { readonly events: SessionSocketEvent[] } {
  const events: SessionSocketEvent[] = [];
  const sockets = attachSessions(
    stage.server,
    new WebSocketServer({ noServer: true, maxPayload: 2 ** 24, path: "/news" }),
    {
      sessions: stage.sessions,
      allowedOrigins,
      clock: stage.clock,
      onEvent: (event) => events.push(event),
    },
  );
  return Object.assign(sockets, { events });
}

/** Asks for a path, and resets the connection before the answer can be written. */
async function knockAndRun(client: RawClient, Cookie: string, path: string): Promise<void> {
  client.socket.write(handshake({ Cookie }, path));
  client.socket.resetAndDestroy();
  await client.ended;
}

describe("a path that nothing serves", () => {
  test("breaks nothing if the client has reset the connection before the answer", () =>
    withClient(async (client, stage, Cookie) => {
      await knockAndRun(client, Cookie, "/nowhere");
      await expect.poll(() => stage.events).toMatchObject([{ type: "refused", reason: "not-found" }]);
    }, openChat));

  test("is refused once if two WebSocket servers share one HTTP server", () =>
    withClient(async (client, stage, Cookie) => {
      await using news = attachNews(stage);
      client.socket.write(handshake({ Cookie }, "/nowhere"));
      expect(await client.status()).toBe(404);
      await client.ended;
      expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
      expect([...stage.events, ...news.events]).toMatchObject([{ type: "refused", reason: "not-found" }]);
    }, openChat));

  test("is refused by the remaining one after the other was closed, whichever that is", () =>
    withClient(async (client, stage, Cookie) => {
      await using news = attachNews(stage);
      await stage.sockets.close();
      client.socket.write(handshake({ Cookie }, "/chat"));
      expect(await client.status()).toBe(404);
      expect(news.events).toHaveLength(1);
    }, openChat));

  test("is left to a foreign listener, which need not handle reset connections", () =>
    withClient(async (client, stage, Cookie) => {
      const asked: (string | undefined)[] = [];
      stage.server.on("upgrade", ({ url }, socket) => {
        asked.push(url);
        socket.end("HTTP/1.1 418 I'm a teapot\r\n\r\n");
      });
      await knockAndRun(client, Cookie, "/other");
      const second = await openRawClient((await stage.address(await stage.create())).url);
      second.socket.write(handshake({ Cookie }, "/other"));
      expect(await second.status()).toBe(418);
      second.socket.destroy();
      expect(asked).toEqual(["/other", "/other"]);
      expect(stage.events).toEqual([]);
    }, openChat));
});

test("two WebSocket servers on one HTTP server serve a path each, on the same sessions", async () => {
  await using stage = await openChat();
  await using news = attachNews(stage);
  const created = await stage.create();
  const { url, cookie } = await stage.address(created);
  const [chatter, reader] = [
    await connectClient(`${url}/chat`, { cookie }),
    await connectClient(`${url}/news`, { cookie }),
  ];
  expect([stage.sockets.size, news.size]).toEqual([1, 1]);
  await stage.sessions.destroy(created.id);
  expect([(await chatter.closed).code, (await reader.closed).code]).toEqual([1008, 1008]);
});

describe("a WebSocket server that takes time to decide if a path is its own", () => {
  /** Says it when `say` is called. */
  async function openSlow(): Promise<NativeStage & { say(): void }> {
    let say = () => {};
    const said = new Promise<void>((resolve) => {
      say = resolve;
    });
    const stage = await openNativeStage();
    const shouldHandle = async ({ url }: IncomingMessage) => said.then(() => url === "/");
    return Object.assign(stage, { say, wss: Object.assign(stage.wss, { shouldHandle }) });
  }

  test("is waited for", async () => {
    await using stage = await openSlow();
    const created = await stage.create();
    const { url, cookie } = await stage.address(created);
    const client = connectClient(url, { cookie });
    stage.say();
    expect((await client).isOpen).toBe(true);
    const nowhere = await openRawClient(url);
    nowhere.socket.write(handshake({ Cookie: cookie }, "/nowhere"));
    expect(await nowhere.status()).toBe(404);
  });

  test("handles a client that has left in the meantime, and keeps nothing of it", async () => {
    await using stage = await openSlow();
    const { url, cookie } = await stage.address(await stage.create());
    const connections: Socket[] = [];
    stage.server.on("connection", (connection) => connections.push(connection));
    const errors = await strayErrors(async () => {
      const client = await openRawClient(url);
      client.socket.write(handshake({ Cookie: cookie }));
      client.socket.end();
      await expect.poll(() => connections.map(({ readableEnded }) => readableEnded)).toEqual([true]);
      stage.say();
      await expectNothingLeft(stage);
    });
    expect(errors).toEqual([]);
    expect(stage.events).toEqual([]);
  });
});

describe("sockets that were closed for good", () => {
  test("leave handshakes to the HTTP server, as if they had never existed", () =>
    withClient(async (client, stage, Cookie) => {
      stage.server.on("request", (_, response) => response.writeHead(426).end());
      await stage.sockets.close();
      const { calls } = stage.handler;
      client.socket.write(handshake({ Cookie }));
      expect(await client.status()).toBe(426);
      expect(stage.handler.calls).toBe(calls);
    }));

  test("accept nobody on whom ws has decided too late", async () => {
    let decide: (isGood: boolean) => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      decide = () => resolve();
    });
    await using stage = await openChat({
      verifyClient: (_: unknown, answer: (isGood: boolean) => void) => {
        decide(true);
        decide = answer;
      },
    });
    let count = 0;
    stage.wss.on("connection", () => {
      count += 1;
    });
    const { url, cookie } = await stage.address(await stage.create());
    const client = connectClient(`${url}/chat`, { cookie });
    await isAsked;
    await stage.sockets.close();
    decide(true);
    expect((await (await client).closed).code).toBe(1001);
    expect(count).toBe(0);
    expect(stage.sockets.size).toBe(0);
  });
});
