// @module-tag real-time

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import expressWs from "express-ws";
import { attachSessions } from "sessionwire/ws";
import { Server as SocketIoServer } from "socket.io";
import { io } from "socket.io-client";
import { createServer as createVite } from "vite";
import { describe, expect, test } from "vitest";
import { type ServerOptions, WebSocket, WebSocketServer } from "ws";
import { gate } from "../fixtures/gate.ts";
import { connectClient } from "./client.ts";
import { type NativeStage, openNativeStage } from "./native-stage.ts";
import { handshake, openRawClient } from "./raw-client.ts";
import { strayErrors } from "./raw-stage.ts";

const origin = "http://app.example";

/** Resolves with the warnings of this package that come while `act` runs. */
async function warningsOf(act: () => Promise<unknown>): Promise<string[]> {
  const codes: string[] = [];
  const note = (warning: Error & { code?: string }) => {
    if (warning.code?.startsWith("SESSIONWIRE")) codes.push(warning.code);
  };
  process.on("warning", note);
  await act();
  await sleep(0); // they come a turn later
  process.off("warning", note);
  return codes;
}

async function openSignedIn(stage: NativeStage) {
  const { url, cookie } = await stage.address(await stage.create());
  return { url, cookie, http: url.replace("ws:", "http:") };
}

describe.each([
  ["at once", 0],
  ["after a while", 50],
])("beside a socket.io that answers %s", (_, delayMs) => {
  async function openBoth(path?: string) {
    const stage = await openNativeStage({}, {}, path === undefined ? {} : { path });
    const neighbour = new SocketIoServer(stage.server, {
      allowRequest: (_request, decide) =>
        delayMs === 0 ? decide(null, true) : void setTimeout(() => decide(null, true), delayMs),
    });
    neighbour.on("connection", (socket) => socket.emit("hello"));
    return { stage, neighbour };
  }

  async function greet({ stage }: Awaited<ReturnType<typeof openBoth>>): Promise<void> {
    const { http, cookie } = await openSignedIn(stage);
    const client = io(http, { transports: ["websocket"], extraHeaders: { cookie, origin }, reconnection: false });
    await new Promise<void>((resolve, reject) => client.on("hello", resolve).on("connect_error", reject));
    await sleep(2 * delayMs);
    expect(client.connected).toBe(true);
    client.disconnect();
  }

  test("without a path, its connections are left alone, a warning appears once, and ours are served", async () => {
    const both = await openBoth();
    await using stage = both.stage;
    const errors = await strayErrors(async () => {
      const warnings = await warningsOf(async () => {
        for (let count = 0; count < 2; count += 1) await greet(both);
      });
      expect(warnings).toEqual(["SESSIONWIRE_NO_PATH"]);
    });
    expect(errors).toEqual([]);
    expect(stage.sockets.size).toBe(0);
    const { url, cookie } = await openSignedIn(stage);
    expect((await connectClient(url, { cookie })).isOpen).toBe(true);
    both.neighbour.disconnectSockets(true);
  });

  test("with a path, each has its own connections, and there is no warning", async () => {
    const both = await openBoth("/chat");
    await using stage = both.stage;
    const warnings = await warningsOf(async () => {
      await greet(both);
      const { url, cookie } = await openSignedIn(stage);
      expect((await connectClient(`${url}/chat`, { cookie })).isOpen).toBe(true);
    });
    expect(warnings).toEqual([]);
    expect(stage.events.map(({ type }) => type)).toEqual(["opened"]);
    both.neighbour.disconnectSockets(true);
  });
});

test("beside Vite, its pages are updated without a reload, and ours have sockets", async () => {
  await using stage = await openNativeStage();
  const vite = await createVite({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "silent",
    server: { middlewareMode: true, hmr: { server: stage.server }, watch: null },
  });
  const { url, cookie, http } = await openSignedIn(stage);
  const errors = await strayErrors(async () => {
    const { webSocketToken } = vite.config as { webSocketToken?: string };
    const socket = new WebSocket(`${url}/?token=${webSocketToken}`, "vite-hmr", { headers: { cookie, origin: http } });
    const [message] = await once(socket, "message");
    expect(JSON.parse(String(message))).toEqual({ type: "connected" });
    socket.terminate();
    expect((await connectClient(url, { cookie })).isOpen).toBe(true);
  });
  expect(errors).toEqual([]);
  expect(stage.sockets.size).toBe(1);
  await vite.close();
});

test("beside express-ws, which answers every request, its answers are left alone and reported", async () => {
  const application = express();
  const { app } = expressWs(application);
  app.ws("/echo", (socket) => socket.on("message", (text) => socket.send(String(text))));
  const server = application.listen(0, "127.0.0.1");
  await once(server, "listening");
  await using stage = await openNativeStage();
  const events: unknown[] = [];
  const sockets = attachSessions(server, new WebSocketServer({ noServer: true, maxPayload: 2 ** 24, path: "/chat" }), {
    sessions: stage.sessions,
    allowedOrigins: [origin],
    onEvent: (event) => events.push(event),
  });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const { cookie } = await openSignedIn(stage);
  const errors = await strayErrors(async () => {
    const echo = await connectClient(`ws://127.0.0.1:${port}/echo`, { cookie });
    echo.send("hello");
    await expect.poll(() => echo.messages).toEqual(["hello"]);
    const chat = await connectClient(`ws://127.0.0.1:${port}/chat`, { cookie });
    await expect.poll(() => events).toMatchObject([{ type: "refused", reason: "taken" }]);
    for (const { socket } of [echo, chat]) socket.terminate();
  });
  expect(errors).toEqual([]);
  expect(sockets.size).toBe(0);
  await sockets.close();
  server.close();
  server.closeAllConnections();
});

describe("a neighbour that refuses", () => {
  test.each(["before", "while"])("%s we look at the session may do so, and is reported", async (when) => {
    const { opened, open } = gate<boolean>();
    await using stage = await openNativeStage({}, { authorize: () => opened });
    stage.server.on("upgrade", async (_, socket) => {
      if (when === "while") await sleep(50);
      socket.end("HTTP/1.1 418 I'm a teapot\r\n\r\n");
    });
    expect((await stage.refuse(await stage.create())).status).toBe(418);
    open(true);
    await expect.poll(() => stage.events).toMatchObject([{ type: "refused", reason: "taken" }]);
    expect(stage.sockets.size).toBe(0);
    await stage.clock.advance(2000); // for so long, a session manager keeps what it has seen
    expect(stage.clock.pending).toBe(0);
  });
});

describe("two of ours for one path", () => {
  test("serve it by one of them", async () => {
    await using stage = await openNativeStage();
    const events: unknown[] = [];
    const second = attachSessions(stage.server, new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 }), {
      sessions: stage.sessions,
      allowedOrigins: [origin],
      onEvent: (event) => events.push(event),
    });
    const { url, cookie } = await openSignedIn(stage);
    const errors = await strayErrors(async () => {
      const client = await connectClient(url, { cookie });
      client.send("x");
      await sleep(20);
      expect(client.isOpen).toBe(true);
    });
    expect(errors).toEqual([]);
    expect(second.size + stage.sockets.size).toBe(1);
    expect(events.length + stage.events.length).toBe(1);
    await second.close();
  });
});

const declining: readonly (readonly [string, ServerOptions, object, number])[] = [
  ["verifyClient says no", { verifyClient: (_, decide) => decide(false, 402) }, {}, 402],
  ["the sub-protocols are malformed", {}, { "sec-websocket-protocol": "a b, ,a" }, 400],
];

describe("refusals by ws itself are reported:", () => {
  test.each(declining)("%s", async (_, options, headers, status) => {
    await using stage = await openNativeStage({}, { maxSocketsPerSession: 1 }, options);
    const { url, cookie } = await openSignedIn(stage);
    const socket = new WebSocket(url, { headers: { cookie, origin, ...headers } });
    socket.on("error", () => {});
    const [, response] = await once(socket, "unexpected-response");
    expect(response.statusCode).toBe(status);
    response.destroy();
    await expect.poll(() => stage.events).toMatchObject([{ type: "refused", reason: "declined" }]);
    await stage.clock.advance(2000);
    expect(stage.clock.pending).toBe(0); // its place is free again
  });

  test("and a client that leaves while ws decides is not", async () => {
    const { opened, open } = gate<boolean>();
    await using stage = await openNativeStage({}, {}, { verifyClient: (_, decide) => void opened.then(decide) });
    const { url, cookie } = await openSignedIn(stage);
    const asked = once(stage.server, "upgrade");
    const socket = new WebSocket(url, { headers: { cookie, origin } });
    socket.on("error", () => {});
    await asked;
    await sleep(50);
    socket.terminate();
    await sleep(50);
    open(true);
    await stage.clock.advance(2000);
    expect(stage.events).toEqual([]);
    expect(stage.clock.pending).toBe(0);
  });
});

test("a client that sends on a connection used for pages before is served", async () => {
  await using stage = await openNativeStage();
  stage.server.on("request", (_, response) => response.end("a page"));
  const { url, cookie } = await openSignedIn(stage);
  const client = await openRawClient(url);
  client.socket.write("GET / HTTP/1.1\r\nHost: app.example\r\n\r\n");
  await expect.poll(() => client.received).toContain("a page");
  client.socket.write(handshake({ Cookie: cookie }));
  await expect.poll(() => client.received).toContain("101 Switching Protocols");
  client.socket.destroy();
});
