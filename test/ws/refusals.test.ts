// @module-tag real-time

import { once } from "node:events";
import { createServer } from "node:http";
import { createSessionManager, expressFormat } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { attachSessions } from "sessionwire/ws";
import { describe, expect, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { gate } from "../fixtures/gate.ts";
import { allowedOrigins, openStage, type StageOptions } from "./stage.ts";
import { withTrouble } from "./trouble.ts";

async function open(options: StageOptions = {}) {
  const handler = withTrouble(createMemoryHandler());
  const stage = await openStage(handler, options);
  return Object.assign(stage, { handler });
}

describe("a handshake is refused", () => {
  test("with an answer that closes the connection and is not cached", async () => {
    await using stage = await open();
    const { headers } = await stage.refuse({});
    expect(headers).toMatchObject({ connection: "close", "cache-control": "no-store", "content-length": "13" });
    expect(headers["retry-after"]).toBeUndefined();
  });

  test("with 403, and without a lookup, if it comes from a page that may not connect", async () => {
    await using stage = await open();
    const { cookie } = await stage.signIn();
    const { calls } = stage.handler;
    const foreign = [
      "https://app.example",
      "http://app.example:8080",
      "http://app.example/",
      "http://APP.example",
      "http://app.example.evil.example",
      "http://evil.example?http://app.example",
      "null",
      "",
    ];
    for (const origin of [...foreign, null]) expect((await stage.refuse({ cookie, origin })).status).toBe(403);
    const twice = { origin: ["http://app.example", "http://evil.example"] };
    expect((await stage.refuse({ cookie, origin: null, headers: twice })).status).toBe(403);
    expect(stage.handler.calls).toBe(calls);
    expect(new Set(stage.events.map((event) => "reason" in event && event.reason))).toEqual(new Set(["origin"]));
  });

  test("with 401, and without a lookup, if it has no cookie or a bad one", async () => {
    await using stage = await open();
    const { cookie = "" } = await stage.signIn();
    const { calls } = stage.handler;
    const bad = [
      undefined,
      "other=1",
      cookie.slice(0, -1),
      cookie.replace("s%3A", "t%3A"),
      `${cookie}x`,
      "connect.sid=",
    ];
    for (const each of bad) expect((await stage.refuse({ cookie: each })).status).toBe(401);
    expect(stage.handler.calls).toBe(calls);
    const reasons = stage.events.map((event) => "reason" in event && event.reason);
    expect(reasons).toEqual(["no-cookie", "no-cookie", ...Array(4).fill("bad-cookie")]);
  });

  test("with 401 if its session has ended", async () => {
    await using stage = await open();
    const browser = await stage.signIn();
    const { cookie } = browser;
    await browser.visit((visit) => visit.destroy());
    expect((await stage.refuse({ cookie })).status).toBe(401);
    expect(stage.events.at(-1)).toMatchObject({ type: "refused", reason: "no-session", status: 401 });
  });

  test("with 503 if the store fails, and reports the failure", async () => {
    await using stage = await open();
    const browser = await stage.signIn();
    stage.handler.trouble = "failing";
    expect(await stage.refuse(browser)).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    expect(stage.events).toMatchObject([
      { type: "refused", reason: "unavailable" },
      { type: "failed", error: { code: "unavailable" } },
    ]);
  });

  test("with 403 if the application refuses it, and 500 if that fails", async () => {
    const answers: (boolean | Promise<boolean>)[] = [false, Promise.resolve(false), true];
    await using stage = await open({
      sockets: {
        authorize(session) {
          expect(session.get("user")).toBe("Ann");
          const answer = answers.shift();
          if (answer === undefined) throw new Error("Nobody knows.");
          return answer;
        },
      },
    });
    const browser = await stage.signIn();
    expect((await stage.refuse(browser)).status).toBe(403);
    expect((await stage.refuse(browser)).status).toBe(403);
    expect((await stage.connect(browser)).client.isOpen).toBe(true);
    expect((await stage.refuse(browser)).status).toBe(500);
    expect(stage.events.at(-1)).toMatchObject({ type: "failed", error: { message: "Nobody knows." } });
  });

  test("with 503 when the application never says anything, and what it says later is dropped", async () => {
    let say: (answer: boolean) => void = () => {};
    const authorize = () =>
      new Promise<boolean>((resolve) => {
        say = resolve;
      });
    await using stage = await open({ sockets: { authorize, handshakeTimeoutMs: 100 } });
    expect((await stage.refuse(await stage.signIn())).status).toBe(503);
    say(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stage.sockets.size).toBe(0);
  });

  test("with 429 if its session has the maximum number of sockets, until one of them is closed", async () => {
    await using stage = await open({ sockets: { maxSocketsPerSession: 2 } });
    const [browser, other] = [await stage.signIn(), await stage.signIn()];
    const { client } = await stage.connect(browser);
    await stage.connect(browser);
    expect((await stage.refuse(browser)).status).toBe(429);
    await stage.connect(other);
    client.socket.close();
    await client.closed;
    await expect.poll(() => stage.sockets.socketsOf(browser.id)).toHaveLength(1);
    expect((await stage.connect(browser)).client.isOpen).toBe(true);
  });

  test("with 429 also if many come at the same time", async () => {
    await using stage = await open({ sockets: { maxSocketsPerSession: 3 } });
    const browser = await stage.signIn();
    const attempts = Array.from({ length: 20 }, () => stage.connect(browser));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect(stage.sockets.size).toBe(3);
  });

  test("with 429 also if they are identified in one turn, and those with a place keep it", async () => {
    let asked = 0;
    let find: (id: string) => void = () => {};
    const found = new Promise<string>((resolve) => {
      find = resolve;
    });
    const parse = () => {
      asked += 1;
      return found;
    };
    await using stage = await open({ sockets: { maxSocketsPerSession: 3, cookie: { parse } } });
    const browser = await stage.signIn();
    const attempts = Array.from({ length: 20 }, () => stage.connect(browser));
    await expect.poll(() => asked).toBe(20);
    find(browser.id);
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect(stage.sockets.size).toBe(3);
  });

  test("with 429 also before a slow store has answered for earlier ones", async () => {
    const memory = createMemoryHandler();
    let answer = Promise.resolve();
    const read: typeof memory.read = (...args) => answer.then(() => memory.read(...args));
    await using stage = await openStage({ ...memory, read }, { sockets: { maxSocketsPerSession: 3 } });
    const browser = await stage.signIn();
    const { opened, open } = gate<void>();
    answer = opened;
    const attempts = Promise.allSettled(Array.from({ length: 20 }, () => stage.connect(browser)));
    const refused = () => stage.events.filter(({ type }) => type === "refused");
    await expect.poll(() => refused().length).toBe(17);
    expect(stage.sockets.size).toBe(0);
    open();
    const served = (await attempts).flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(served).toHaveLength(3);
    expect(refused()).toEqual(Array(17).fill(expect.objectContaining({ reason: "too-many", status: 429 })));
    // What was refused does not count any more, and neither does what has left.
    for (const { client } of served) client.socket.close();
    await expect.poll(() => stage.sockets.size).toBe(0);
    expect((await stage.connect(browser)).client.isOpen).toBe(true);
  });

  test("with 503 if the server is shutting down", async () => {
    await using stage = await open();
    const browser = await stage.signIn();
    stage.handler.trouble = "silent";
    const refused = stage.refuse(browser);
    await expect.poll(() => stage.handler.calls).toBeGreaterThan(1);
    await stage.sockets.close();
    expect((await refused).status).toBe(503);
    expect(stage.events.at(-1)).toMatchObject({ type: "refused", reason: "closing" });
    expect(stage.server.listenerCount("upgrade")).toBe(0);
    stage.handler.trouble = "none";
  });

  test("with 404 if its path is not that of the WebSocket server, unless another listener serves it", async () => {
    await using stage = await open();
    stage.wss.options.path = "/chat";
    const { cookie } = await stage.signIn();
    expect((await stage.refuse({ cookie })).status).toBe(404);
    const other = new WebSocketServer({ noServer: true, maxPayload: 2 ** 24, path: "/" });
    stage.server.on("upgrade", (request, socket, head) => {
      if (other.shouldHandle(request)) other.handleUpgrade(request, socket, head, (opened) => opened.send("other"));
    });
    const socket = new WebSocket(stage.url, { headers: { origin: "http://app.example" } });
    expect(String((await once(socket, "message"))[0])).toBe("other");
    socket.terminate();
  });
});

describe("a handshake is accepted", () => {
  test("without an origin if programs may connect, but not with a foreign one", async () => {
    await using stage = await open({ sockets: { allowMissingOrigin: true } });
    const { cookie } = await stage.signIn();
    expect((await stage.connect({ cookie, origin: null })).client.isOpen).toBe(true);
    expect((await stage.refuse({ cookie, origin: "https://evil.example" })).status).toBe(403);
  });

  test("from an origin that a function allows, and a function that throws refuses it", async () => {
    await using stage = await open({
      sockets: {
        allowedOrigins(origin, { headers }) {
          if (origin === "http://broken.example") throw new Error("There is no list.");
          return origin === `http://${headers.host}`;
        },
      },
    });
    const { cookie } = await stage.signIn();
    const origin = stage.url.replace("ws:", "http:");
    expect((await stage.connect({ cookie, origin })).client.isOpen).toBe(true);
    expect((await stage.refuse({ cookie, origin: "http://app.example" })).status).toBe(403);
    expect((await stage.refuse({ cookie, origin: "http://broken.example" })).status).toBe(500);
  });

  test("with any reader that finds an id in the header", async () => {
    await using stage = await open({
      sockets: { cookie: { parse: async (header) => header?.replace(/^plain=/, "") } },
    });
    const { id } = await stage.signIn();
    expect((await stage.connect({ cookie: `plain=${id}` })).session.id).toBe(id);
    expect((await stage.refuse({ cookie: `plain=${id}x` })).status).toBe(401);
    expect((await stage.refuse({ cookie: `plain=${"x".repeat(2000)}` })).status).toBe(401);
  });
});

describe("a report", () => {
  test("contains neither an id nor data, and the same name for all sockets of a session", async () => {
    await using stage = await open();
    const browser = await stage.signIn();
    const { client } = await stage.connect(browser);
    await stage.connect(browser);
    client.socket.close(4001);
    await client.closed;
    await expect.poll(() => stage.events.length).toBe(3);
    await browser.visit((visit) => visit.destroy());
    await expect
      .poll(() => stage.events.map(({ type }) => type))
      .toEqual(["opened", "opened", "closed", "ended", "closed"]);
    expect(new Set(stage.events.map((event) => "session" in event && event.session)).size).toBe(1);
    expect(stage.events[2]).toMatchObject({ code: 4001 });
    expect(stage.events[4]).toMatchObject({ code: 1008 });
    expect(JSON.stringify(stage.events)).not.toContain(browser.id);
    expect(JSON.stringify(stage.events)).not.toContain("Ann");
  });

  test("may reach a listener that throws", async () => {
    await using stage = await open({
      sockets: {
        onEvent() {
          throw new Error("The log is full.");
        },
      },
    });
    expect((await stage.refuse({})).status).toBe(401);
    expect((await stage.connect(await stage.signIn())).client.isOpen).toBe(true);
  });
});

test("invalid servers and options are refused when they are attached", async () => {
  const server = createServer();
  const wss = new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 });
  await using sessions = createSessionManager({ handler: createMemoryHandler() });
  await using express = createSessionManager({ handler: createMemoryHandler(), format: expressFormat() });
  const attach =
    (...given: unknown[]) =>
    () =>
      attachSessions(...(given as Parameters<typeof attachSessions>));
  const withOptions = (options: object) => attach(server, wss, { sessions, allowedOrigins, ...options });

  expect(attach({}, wss, { sessions, allowedOrigins })).toThrow(TypeError);
  expect(attach(server, {}, { sessions, allowedOrigins })).toThrow(TypeError);
  expect(attach(server, new WebSocketServer({ server: createServer() }), { sessions, allowedOrigins })).toThrow(
    TypeError,
  );
  expect(attach(server, wss)).toThrow(TypeError);
  expect(attach(server, wss, { sessions })).toThrow(TypeError);
  expect(attach(server, wss, { allowedOrigins })).toThrow(TypeError);
  expect(withOptions({ sessions: express })).toThrow(TypeError); // whose cookie is not said
  const origins = ["*", "app.example", "https://app.example/", "https://App.example", "null", "", 1];
  const patterns = [
    "https://*",
    "https://*.com/",
    "https://a.*.example",
    "https://*.*.example",
    "https://*app.example",
  ];
  const odd = [
    "capacitor://localhost/",
    "chrome-extension://",
    "file:///",
    "javascript:alert(1)",
    "ftp://app.example:21",
  ];
  for (const origin of [...origins, ...patterns, ...odd]) {
    expect(withOptions({ allowedOrigins: [origin] })).toThrow(TypeError);
  }
  expect(withOptions({ origins: [] })).toThrow(TypeError);
  expect(withOptions({ cookie: { secrets: [] } })).toThrow(RangeError);
  for (const name of ["allowMissingOrigin", "authenticate", "authorize", "onConnection", "onMessage", "onEvent"]) {
    expect(withOptions({ [name]: 1 })).toThrow(TypeError);
  }
  const seconds = ["revalidateEverySeconds", "maxStalenessSeconds", "heartbeatSeconds"];
  for (const name of [
    "handshakeTimeoutMs",
    ...seconds,
    "maxSocketsPerSession",
    "maxSocketsPerUser",
    "maxMessagesPerMinute",
  ]) {
    for (const value of [0, -1, 1.5, Number.NaN, "1", 2 ** 53])
      expect(withOptions({ [name]: value })).toThrow(RangeError);
  }
  expect(withOptions({ maxSocketsPerUser: 1 })).toThrow(TypeError); // it is not said whose a session is
  expect(withOptions({ revalidateEverySeconds: 60, maxStalenessSeconds: 60 })).toThrow(RangeError);
  expect(server.listenerCount("upgrade")).toBe(0);
  await withOptions({ allowedOrigins: ["https://app.example", "http://localhost:3000"] })().close();
  const largest = { handshakeTimeoutMs: 2 ** 31 - 1, maxStalenessSeconds: 86_400, maxSocketsPerSession: Infinity };
  await withOptions(largest)().close();
});

test("closed sockets are no longer notified of sessions", async () => {
  await using sessions = createSessionManager({ handler: createMemoryHandler() });
  const subscribe = sessions.subscribe.bind(sessions);
  let listeners = 0;
  vi.spyOn(sessions, "subscribe").mockImplementation((listener) => {
    listeners += 1;
    const unsubscribe = subscribe(listener);
    return () => {
      listeners -= 1;
      unsubscribe();
    };
  });
  const sockets = attachSessions(createServer(), new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 }), {
    sessions,
    allowedOrigins,
  });
  expect(listeners).toBe(1);
  await sockets.close();
  expect(listeners).toBe(0);
});
