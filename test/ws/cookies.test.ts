import { once } from "node:events";
import type { AddressInfo } from "node:net";
import cookies from "@fastify/cookie";
import fastifySession from "@fastify/session";
import fastify from "fastify";
import { createSessionManager, expressFormat } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { attachSessions } from "sessionwire/ws";
import { describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { secret as siteSecret } from "../express/express-site.ts";
import { connectClient } from "./client.ts";
import { allowedOrigins, openStage } from "./stage.ts";

describe("of two cookies with one name", () => {
  test("the one that leads to a session counts, in any order", async () => {
    await using stage = await openStage(createMemoryHandler());
    const [old, now] = [await stage.signIn(), await stage.signIn()];
    await stage.sessions.destroy(old.id);
    for (const cookie of [`${old.cookie}; ${now.cookie}`, `${now.cookie}; ${old.cookie}`]) {
      const { session } = await stage.connect({ cookie });
      expect(session.id).toBe(now.id);
    }
  });

  test("none counts if both lead to a session, as one of them may have been planted", async () => {
    await using stage = await openStage(createMemoryHandler());
    const [one, other] = [await stage.signIn(), await stage.signIn()];
    expect((await stage.refuse({ cookie: `${one.cookie}; ${other.cookie}` })).status).toBe(401);
    expect(stage.events.at(-1)).toMatchObject({ type: "refused", reason: "ambiguous-cookie" });
    expect((await stage.connect({ cookie: `${one.cookie}; ${one.cookie}` })).session.id).toBe(one.id);
  });

  test("both may be old, which is not a forgery", async () => {
    await using stage = await openStage(createMemoryHandler());
    const [one, other] = [await stage.signIn(), await stage.signIn()];
    for (const { id } of [one, other]) await stage.sessions.destroy(id);
    expect((await stage.refuse({ cookie: `${one.cookie}; ${other.cookie}` })).status).toBe(401);
    expect(stage.events.at(-1)).toMatchObject({ type: "refused", reason: "no-session" });
  });

  test("a forged one beside a valid one causes no lookup and changes nothing", async () => {
    await using stage = await openStage(createMemoryHandler());
    const { cookie, id } = await stage.signIn();
    expect((await stage.connect({ cookie: `${cookie}x; ${cookie}` })).session.id).toBe(id);
  });

  test("the lookup may fail, which is a 503", async () => {
    const memory = createMemoryHandler();
    let isAway = false;
    const read: typeof memory.read = (...args) => (isAway ? Promise.reject(new Error("away")) : memory.read(...args));
    await using stage = await openStage({ ...memory, read });
    const [one, other] = [await stage.signIn(), await stage.signIn()];
    isAway = true;
    expect((await stage.refuse({ cookie: `${one.cookie}; ${other.cookie}` })).status).toBe(503);
    isAway = false;
  });
});

test.each([undefined, "s:"])("the cookie of @fastify/session opens a socket, with the prefix %s", async (prefix) => {
  const secret = `${siteSecret}, and long enough for that`;
  await using sessions = createSessionManager({ handler: createMemoryHandler(), format: expressFormat() });
  const application = fastify();
  await application.register(cookies);
  await application.register(fastifySession, {
    secret,
    ...(prefix === undefined ? {} : { cookiePrefix: prefix }),
    cookie: { secure: false },
    store: createExpressStore(sessions),
  });
  application.get("/", async (request) => {
    Object.assign(request.session, { user: "Ann" });
    return "in";
  });
  const sockets = attachSessions(
    application.server,
    new WebSocketServer({ noServer: true, maxPayload: 2 ** 24, path: "/socket" }),
    {
      sessions,
      allowedOrigins,
      cookie: { name: "sessionId", secrets: [secret] },
      onConnection: async (socket, _, session) => socket.send(String((await session.open()).get("user"))),
    },
  );
  await application.listen({ port: 0, host: "127.0.0.1" });
  const { port } = application.server.address() as AddressInfo; // a TCP server that listens has one
  const response = await fetch(`http://127.0.0.1:${port}/`);
  const [cookie] = response.headers.getSetCookie()[0]?.split(";") ?? [];
  const client = await connectClient(`ws://127.0.0.1:${port}/socket`, { cookie });
  if (client.messages.length === 0) await once(client.socket, "message");
  expect(client.messages).toEqual(["Ann"]);
  await sockets.close();
  await application.close();
});
