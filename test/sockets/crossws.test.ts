import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hooks } from "crossws";
import nodeAdapter from "crossws/adapters/node";
import { plugin, serve } from "crossws/server";
import { defineWebSocketHandler, H3, serve as serveH3 } from "h3";
import { createSessionManager } from "sessionwire";
import { type ApplicationHooks, createSessionHooks, type SessionHooksOptions } from "sessionwire/crossws";
import { createMemoryHandler } from "sessionwire/memory";
import type { SessionSocketEvent } from "sessionwire/sockets";
import { describe, expect, test } from "vitest";
import { handshake, openRawClient } from "../ws/raw-client.ts";
import { strayErrors } from "../ws/raw-stage.ts";
import { withTrouble } from "../ws/trouble.ts";
import { origin } from "./binding.ts";
import { connectWebSocket, refusedWebSocket } from "./web-socket-client.ts";

/** A server of crossws on sessions of the native format. */
async function openStage(application: ApplicationHooks = {}, options: Partial<SessionHooksOptions> = {}) {
  const handler = withTrouble(createMemoryHandler());
  const sessions = createSessionManager({ handler });
  const events: SessionSocketEvent[] = [];
  const onEvent = (event: SessionSocketEvent) => events.push(event);
  const { hooks, sockets } = createSessionHooks(
    { sessions, allowedOrigins: [origin], onEvent, ...options },
    application,
  );
  const fetch = () => new Response("A page.");
  const server = serve({ port: 0, hostname: "127.0.0.1", silent: true, websocket: hooks, fetch });
  await server.ready();
  return {
    ...{ handler, sessions, sockets, events },
    url: server.url?.replace("http", "ws") ?? "",
    async signIn() {
      const session = await sessions.create();
      session.set("user", "Ann");
      await session.save();
      const [cookie = ""] = (await sessions.cookie.serialize(session)).split(";");
      return { id: session.id, cookie };
    },
    async [Symbol.asyncDispose]() {
      await sockets.close();
      await server.close(true);
      await sessions.close();
    },
  };
}

describe("the application's hook for upgrades", () => {
  test("is not called for a refused handshake", async () => {
    const asked: Request[] = [];
    await using stage = await openStage({ upgrade: (request) => void asked.push(request) });
    expect(await refusedWebSocket(stage.url, {})).toEqual({ status: 401 });
    expect(asked).toEqual([]);
  });

  test("may refuse", async () => {
    await using stage = await openStage({ upgrade: () => new Response("Full.", { status: 409 }) });
    expect(await refusedWebSocket(stage.url, await stage.signIn())).toEqual({ status: 409 });
  });

  test("may set headers and a context", async () => {
    const contexts: unknown[] = [];
    await using stage = await openStage({
      upgrade: () => ({ headers: { "Set-Cookie": "seen=1" }, context: { room: 7 } }),
      open: (peer) => void contexts.push({ ...peer.context }),
    });
    const { cookiesSet } = await connectWebSocket(stage.url, await stage.signIn());
    expect(cookiesSet).toEqual(["seen=1"]);
    expect(contexts).toEqual([{ room: 7 }]);
  });

  test("does not accept a session that has ended in the meantime", async () => {
    await using stage = await openStage({ upgrade: () => stage.sessions.destroy(id) });
    const { id, cookie } = await stage.signIn();
    expect(await refusedWebSocket(stage.url, { cookie })).toEqual({ status: 401 });
  });
});

test("a session that ends closes its socket with code and reason, and the application is notified once", async () => {
  const closes: unknown[] = [];
  const heard: string[] = [];
  await using stage = await openStage({
    message: (_peer, message) => heard.push(message.text()),
    close: (_peer, { code }, session) => closes.push([code, session.signal.reason.code]),
  });
  const { id, cookie } = await stage.signIn();
  const { client } = await connectWebSocket(stage.url, { cookie });
  client.send("before");
  await expect.poll(() => heard).toEqual(["before"]);
  await stage.sessions.destroy(id);
  client.send("after");
  expect(await client.closed).toEqual({ code: 1008, reason: "The session has ended." });
  await expect.poll(() => closes).toEqual([[1008, "gone"]]);
  expect(heard).toEqual(["before"]);
  expect(stage.sockets.size).toBe(0);
  expect(stage.events.filter(({ type }) => type === "closed")).toEqual([expect.objectContaining({ code: 1008 })]);
});

test("a client that leaves is reported with its code", async () => {
  await using stage = await openStage();
  const { client } = await connectWebSocket(stage.url, await stage.signIn());
  client.close();
  await expect.poll(() => stage.events).toContainEqual(expect.objectContaining({ type: "closed", code: 1005 }));
});

test("a peer that takes no part in closing is dropped", async () => {
  await using stage = await openStage();
  const { id, cookie } = await stage.signIn();
  const client = await openRawClient(stage.url);
  client.socket.write(handshake({ Cookie: cookie }));
  expect(await client.status()).toBe(101);
  await stage.sessions.destroy(id);
  await client.ended;
  expect(stage.sockets.size).toBe(0);
});

test("h3 accepts the hooks, and closes a socket when its session ends", async () => {
  const sessions = createSessionManager({ handler: createMemoryHandler() });
  const { hooks, sockets } = createSessionHooks(
    { sessions, allowedOrigins: [origin] },
    { message: (peer, message) => peer.send(message.text()) },
  );
  const app = new H3().get("/chat", defineWebSocketHandler(hooks));
  const resolve = async (request: Request) =>
    ((await app.fetch(request)) as { crossws?: Partial<Hooks> }).crossws ?? {};
  const server = serveH3(app, { port: 0, hostname: "127.0.0.1", silent: true, plugins: [plugin({ resolve })] });
  await server.ready();
  const url = `${server.url?.replace("http", "ws")}chat`;
  expect(await refusedWebSocket(url, {})).toEqual({ status: 401 });
  const session = await sessions.create();
  session.set("user", "Ann");
  await session.save();
  const [cookie = ""] = (await sessions.cookie.serialize(session)).split(";");
  const { client } = await connectWebSocket(url, { cookie });
  await sessions.destroy(session.id);
  expect((await client.closed).code).toBe(1008);
  await sockets.close();
  await server.close(true);
});

test("a client that resets its connection during the lookup ends nothing", async () => {
  await using stage = await openStage();
  const { cookie } = await stage.signIn();
  const errors = await strayErrors(async () => {
    const before = stage.handler.calls;
    stage.handler.trouble = "silent";
    const client = await openRawClient(stage.url);
    client.socket.write(handshake({ Cookie: cookie }));
    await expect.poll(() => stage.handler.calls).toBeGreaterThan(before);
    client.socket.resetAndDestroy();
    await client.ended;
    stage.handler.trouble = "none";
    const { client: next } = await connectWebSocket(stage.url, { cookie });
    next.close();
    await next.closed;
  });
  expect(errors).toEqual([]);
});

test("an accepted handshake without a socket gives its place back in time", async () => {
  let isRefusing = true;
  await using stage = await openStage(
    { upgrade: () => (isRefusing ? new Response("Full.", { status: 409 }) : undefined) },
    { maxSocketsPerSession: 1, handshakeTimeoutMs: 200 },
  );
  const caller = await stage.signIn();
  expect(await refusedWebSocket(stage.url, caller)).toEqual({ status: 409 });
  isRefusing = false;
  await expect.poll(() => connectWebSocket(stage.url, caller).then(({ client }) => client.isOpen)).toBe(true);
});

test("a rejection of a hook is reported, and ends neither the process nor the socket", async () => {
  await using stage = await openStage({
    message: () => Promise.reject(new Error("of a message")),
    close: () => Promise.reject(new Error("of a close")),
  });
  const { client } = await connectWebSocket(stage.url, await stage.signIn());
  const messages = () => stage.events.map((event) => event.type === "failed" && (event.error as Error).message);
  expect(
    await strayErrors(async () => {
      client.send("1");
      await expect.poll(messages).toContain("of a message");
      expect(client.isOpen).toBe(true);
      client.close();
      await expect.poll(messages).toContain("of a close");
    }),
  ).toEqual([]);
});

test("a client that violates the protocol is reported, and dropped", async () => {
  const errors: unknown[] = [];
  await using stage = await openStage({ error: (_peer, error) => errors.push(error) });
  const { cookie } = await stage.signIn();
  const client = await openRawClient(stage.url);
  client.socket.write(handshake({ Cookie: cookie }));
  expect(await client.status()).toBe(101);
  client.socket.write("no frame at all");
  await expect.poll(() => stage.sockets.size).toBe(0);
  expect(stage.events).toContainEqual(expect.objectContaining({ type: "failed" }));
  expect(errors).toHaveLength(1);
  client.socket.destroy();
});

test("messages that come faster than they are handled close the socket", async () => {
  await using stage = await openStage({ message: () => new Promise(() => {}) });
  const { client } = await connectWebSocket(stage.url, await stage.signIn());
  for (let count = 0; count < 100; count += 1) client.send("x");
  expect((await client.closed).code).toBe(4429);
});

test("a socket without a handshake is closed, and none of its messages is heard", async () => {
  const heard: unknown[] = [];
  const sessions = createSessionManager({ handler: createMemoryHandler() });
  const { hooks, sockets } = createSessionHooks(
    { sessions, allowedOrigins: [origin] },
    { open: (peer) => void heard.push(peer), message: (_peer, message) => heard.push(message) },
  );
  const { upgrade, ...others } = hooks;
  const adapter = nodeAdapter({ hooks: others });
  const server = createServer().on("upgrade", adapter.handleUpgrade).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { client } = await connectWebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {});
  client.send("1");
  expect((await client.closed).code).toBe(1008);
  expect(heard).toEqual([]);
  await sockets.close();
  server.close();
});
