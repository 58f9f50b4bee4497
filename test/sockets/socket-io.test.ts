import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSessionManager } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { attachSessions, type SessionSocketData, type SessionSocketsOptions } from "sessionwire/socket.io";
import type { SessionSocketEvent } from "sessionwire/sockets";
import { type DefaultEventsMap, Server, type ServerOptions, type Socket } from "socket.io";
import { io as openClient } from "socket.io-client";
import { describe, expect, test } from "vitest";
import { frame, handshake, openRawClient } from "../ws/raw-client.ts";
import { strayErrors } from "../ws/raw-stage.ts";
import { withTrouble } from "../ws/trouble.ts";
import { origin } from "./binding.ts";
import { type ConnectError, heard } from "./socket-io-stage.ts";

interface StageOptions extends Partial<SessionSocketsOptions> {
  readonly server?: Partial<ServerOptions>;
  /** Called before the sessions are attached. */
  readonly prepare?: (io: Server) => void;
}

/** A socket.io server on sessions of the native format. */
async function openStage({ server: serverOptions, prepare, ...options }: StageOptions = {}) {
  const handler = withTrouble(createMemoryHandler());
  const sessions = createSessionManager({ handler });
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const io = new Server(server, serverOptions);
  prepare?.(io);
  const events: SessionSocketEvent[] = [];
  const onEvent = (event: SessionSocketEvent) => events.push(event);
  const sockets = attachSessions(io, { sessions, allowedOrigins: [origin], onEvent, ...options });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const url = `http://127.0.0.1:${port}`;
  const clients: ReturnType<typeof openClient>[] = [];
  return {
    ...{ handler, sessions, sockets, io, events, url },
    async signIn() {
      const session = await sessions.create();
      session.set("user", "Ann");
      await session.save();
      const [cookie = ""] = (await sessions.cookie.serialize(session)).split(";");
      return { id: session.id, headers: { cookie, origin } };
    },
    /** A client as a page has one; `reconnection` is off unless it is said. */
    open(headers: Record<string, string>, { namespace = "/", ...rest }: ClientOptions = {}) {
      const client = openClient(url + namespace, {
        ...{ extraHeaders: headers, reconnection: false, reconnectionDelay: 10, forceNew: true },
        ...rest,
      });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.disconnect();
      await sockets.close();
      await io.close();
      await sessions.close();
    },
  };
}

type ClientOptions = Parameters<typeof openClient>[1] & { readonly namespace?: string };

const engine = "/socket.io/?EIO=4&transport=polling";

describe("a refusal", () => {
  test.each(["polling", "websocket"])(
    "is received as an error with a code, over %s, and the client stays away",
    async (transport) => {
      await using stage = await openStage();
      const client = stage.open({ origin }, { transports: [transport], reconnection: true });
      const { data } = await heard<ConnectError>(client, "connect_error");
      expect(data).toEqual({ code: "no-cookie", status: 401 });
      expect(client.active).toBe(false);
      expect(stage.io.sockets.sockets.size).toBe(0);
    },
  );

  test("leaves the client free to connect again later", async () => {
    await using stage = await openStage({ handshakeTimeoutMs: 100 });
    const { headers } = await stage.signIn();
    stage.handler.trouble = "silent";
    const client = stage.open(headers);
    expect((await heard<ConnectError>(client, "connect_error")).data).toEqual({ code: "timeout", status: 503 });
    stage.handler.trouble = "none";
    client.connect();
    await heard(client, "connect");
  });
});

describe("of a foreign page", () => {
  test("a WebSocket is refused before the handshake, and before the store is asked", async () => {
    await using stage = await openStage();
    const { headers } = await stage.signIn();
    const before = stage.handler.calls;
    const client = await openRawClient(stage.url);
    client.socket.write(
      handshake({ Cookie: headers.cookie, Origin: "http://evil.example" }, "/socket.io/?EIO=4&transport=websocket"),
    );
    expect(await client.status()).toBe(403);
    await client.ended;
    expect(client.received).toContain("\r\nCache-Control: no-store\r\n");
    expect(stage.handler.calls).toBe(before);
    expect(stage.events).toEqual([expect.objectContaining({ type: "refused", reason: "origin", status: 403 })]);
  });

  test("a client may vanish before it has its refusal", async () => {
    await using stage = await openStage();
    const errors = await strayErrors(async () => {
      for (let count = 0; count < 10; count += 1) {
        const client = await openRawClient(stage.url);
        client.socket.write(handshake({ Origin: "http://evil.example" }, "/socket.io/?EIO=4&transport=websocket"));
        await new Promise((resolve) => setImmediate(resolve));
        client.socket.resetAndDestroy();
        await client.ended;
      }
      await expect.poll(() => stage.events.length).toBeGreaterThan(0);
    });
    expect(errors).toEqual([]);
  });

  test("no request reaches a foreign connection", async () => {
    await using stage = await openStage();
    const { headers } = await stage.signIn();
    const { sid } = JSON.parse((await (await fetch(stage.url + engine, { headers })).text()).slice(1));
    const evil = { ...headers, origin: "http://evil.example" };
    const poll = `${stage.url}${engine}&sid=${sid}`;
    expect((await fetch(poll, { headers: evil })).status).toBe(403);
    expect((await fetch(poll, { method: "POST", headers: evil, body: "40" })).status).toBe(403);
    const { origin: _, ...without } = headers;
    expect((await fetch(poll, { method: "POST", headers: without, body: "40" })).status).toBe(403);
    const client = await openRawClient(stage.url);
    client.socket.write(handshake({ Origin: evil.origin }, `/socket.io/?EIO=4&transport=websocket&sid=${sid}`));
    expect(await client.status()).toBe(403);
    expect(stage.io.sockets.sockets.size).toBe(0);
  });
});

test("a page of the same site connects, whose polls have no origin", async () => {
  await using stage = await openStage();
  const { headers } = await stage.signIn();
  const { origin: _, ...polling } = headers;
  const { sid } = JSON.parse((await (await fetch(stage.url + engine, { headers: polling })).text()).slice(1));
  const poll = `${stage.url}${engine}&sid=${sid}`;
  expect((await fetch(poll, { method: "POST", headers, body: "40" })).status).toBe(200);
  expect(await (await fetch(poll, { headers: polling })).text()).toMatch(/^40\{"sid"/);
  expect(stage.sockets.size).toBe(1);
});

test("from long polling to WebSocket, it remains one socket of the session", async () => {
  await using stage = await openStage();
  const { headers, id } = await stage.signIn();
  const upgraded = new Promise((resolve) =>
    stage.io.engine.once("connection", (conn) => conn.once("upgrade", resolve)),
  );
  const client = stage.open(headers);
  await Promise.all([heard(client, "connect"), upgraded]);
  const served = [...stage.io.sockets.sockets.values()];
  expect(served.map(({ conn }) => conn.transport.name)).toEqual(["websocket"]);
  expect(stage.sockets.socketsOf(id)).toEqual(served);
  const closed = heard(client, "session_close");
  await stage.sessions.destroy(id);
  expect(await closed).toEqual({ code: 1008, reason: "The session has ended." });
  await expect.poll(() => stage.events.map(({ type }) => type)).toEqual(["opened", "ended", "closed"]);
});

describe("every namespace is guarded:", () => {
  const prepare = (io: Server) => void io.of("/before");

  test.each(["/before", "/after", "/dynamic-7"])("%s", async (namespace) => {
    await using stage = await openStage({ prepare });
    stage.io.of("/after");
    stage.io.of(/^\/dynamic-\d+$/);
    const stranger = stage.open({ origin }, { namespace });
    expect((await heard<ConnectError>(stranger, "connect_error")).data).toEqual({ code: "no-cookie", status: 401 });
    const { headers, id } = await stage.signIn();
    await heard(stage.open(headers, { namespace }), "connect");
    expect(stage.sockets.socketsOf(id)).toHaveLength(1);
  });
});

describe("when a session ends", () => {
  test("its client is notified in each of its namespaces, disconnected, and stays away", async () => {
    await using stage = await openStage();
    stage.io.of("/other");
    const { headers, id } = await stage.signIn();
    const main = stage.open(headers, { reconnection: true });
    const other = main.io.socket("/other"); // which connects
    await Promise.all([heard(main, "connect"), heard(other, "connect")]);
    const told = Promise.all([main, other].map((socket) => heard(socket, "session_close")));
    const gone = Promise.all([main, other].map((socket) => heard(socket, "disconnect")));
    const signals = [...stage.io.sockets.sockets.values(), ...stage.io.of("/other").sockets.values()].map(
      ({ data }) => (data as SessionSocketData).session.signal,
    );
    await stage.sessions.destroy(id);
    expect(await told).toEqual(Array(2).fill({ code: 1008, reason: "The session has ended." }));
    expect(await gone).toEqual(Array(2).fill("io server disconnect"));
    expect(main.active || other.active).toBe(false);
    expect(signals.map(({ reason }) => reason.code)).toEqual(["gone", "gone"]);
    expect(stage.sockets.size).toBe(0);
    await expect.poll(() => stage.io.engine.clientsCount).toBe(0);
  });

  test("the connection of a client that does not leave by itself is closed", async () => {
    await using stage = await openStage();
    const { headers, id } = await stage.signIn();
    const client = await openRawClient(stage.url);
    const path = "/socket.io/?EIO=4&transport=websocket";
    client.socket.write(Buffer.concat([Buffer.from(handshake({ Cookie: headers.cookie }, path)), frame("40")]));
    await expect.poll(() => stage.sockets.size).toBe(1);
    await stage.sessions.destroy(id);
    await expect.poll(() => stage.io.engine.clientsCount).toBe(0);
    expect(client.received).toContain('42["session_close",{"code":1008,');
    client.socket.destroy();
  });

  test("no further event reaches the application", async () => {
    await using stage = await openStage();
    const { headers, id } = await stage.signIn();
    const said: string[] = [];
    let saidBeforeEnd = 0;
    stage.io.on("connection", (socket) => {
      socket.use((_, next) => setImmediate(next)); // each event is under way for a while
      socket.on("say", (text) => said.push(text));
      (socket.data as SessionSocketData).session.signal.addEventListener("abort", () => {
        saidBeforeEnd = said.length;
      });
    });
    const client = stage.open(headers, { transports: ["websocket"] });
    await heard(client, "connect");
    const chatter = setInterval(() => client.emit("say", "something"), 1);
    await expect.poll(() => said.length).toBeGreaterThan(3);
    await stage.sessions.destroy(id);
    await heard(client, "disconnect");
    clearInterval(chatter);
    await new Promise((resolve) => setImmediate(resolve));
    expect(said.length).toBe(saidBeforeEnd);
  });
});

test("the end of a socket is reported with a code", async () => {
  await using stage = await openStage();
  const { headers, id } = await stage.signIn();
  const codes = () => stage.events.flatMap((event) => (event.type === "closed" ? [event.code] : []));
  const leaving = stage.open(headers);
  await heard(leaving, "connect");
  leaving.disconnect();
  await expect.poll(codes).toEqual([1000]);
  const vanishing = stage.open(headers, { transports: ["websocket"] });
  await heard(vanishing, "connect");
  vanishing.io.engine.close();
  await expect.poll(codes).toEqual([1000, 1006]);
  await heard(stage.open(headers), "connect");
  await stage.sessions.destroy(id);
  await expect.poll(codes).toEqual([1000, 1006, 1008]);
});

test("when the server shuts down, clients are notified, and reconnect by themselves", async () => {
  await using stage = await openStage();
  const { headers } = await stage.signIn();
  const client = stage.open(headers, { reconnection: true });
  await heard(client, "connect");
  const told = heard(client, "session_close");
  const gone = heard(client, "disconnect");
  const again = heard<ConnectError>(client, "connect_error");
  await stage.sockets.close();
  expect(await told).toMatchObject({ code: 1001 });
  expect(await gone).toBe("transport close");
  expect((await again).data).toEqual({ code: "closing", status: 503 });
});

describe("a middleware that comes later", () => {
  test("finds the session, which is sent nowhere else", async () => {
    await using stage = await openStage();
    const { headers, id } = await stage.signIn();
    const seen: unknown[] = [];
    stage.io.use(async ({ data, rooms }, next) => {
      const { session } = data as SessionSocketData;
      seen.push(session.id, (await session.open()).get("user"), JSON.stringify(data), [...rooms]);
      next();
    });
    await heard(stage.open(headers), "connect");
    expect(seen).toEqual([id, "Ann", "{}", []]);
    const [socket] = stage.io.sockets.sockets.values();
    expect([...(socket?.rooms ?? [])]).toEqual([socket?.id]);
  });

  test("may refuse, and the place is given back", async () => {
    await using stage = await openStage({ maxSocketsPerSession: 2, handshakeTimeoutMs: 100 });
    const { headers } = await stage.signIn();
    let isRefusing = true;
    stage.io.of("/other").use((_, next) => next(isRefusing ? new Error("Not today.") : undefined));
    const main = stage.open(headers); // which keeps the connection
    await heard(main, "connect");
    const other = main.io.socket("/other"); // which connects
    expect((await heard<Error>(other, "connect_error")).message).toBe("Not today.");
    isRefusing = false;
    await expect.poll(() => stage.sockets.size).toBe(1);
    other.connect();
    await heard(other, "connect");
    expect(stage.sockets.size).toBe(2);
  });

  test("may lose the client, and the place is given back at once", async () => {
    await using stage = await openStage({ handshakeTimeoutMs: 60_000 });
    const { headers } = await stage.signIn();
    stage.io.use(() => {}); // which never goes on
    const client = stage.open(headers, { transports: ["websocket"] });
    await expect.poll(() => stage.sockets.size).toBe(1);
    client.disconnect();
    await expect.poll(() => stage.sockets.size).toBe(0);
  });

  test("may take too long, and then there is no socket", async () => {
    await using stage = await openStage({ handshakeTimeoutMs: 50 });
    const { headers } = await stage.signIn();
    stage.io.use((_, next) => void setTimeout(next, 200));
    const client = stage.open(headers);
    expect(await heard(client, "disconnect")).toBe("io server disconnect");
    expect(stage.sockets.size).toBe(0);
  });
});

test("a rejection of `onMessage` is reported, and ends neither the process nor the socket", async () => {
  await using stage = await openStage({
    async onMessage(_socket, [event, text, acknowledge]) {
      if (event === "bad") throw new Error("of an event");
      (acknowledge as (text: unknown) => void)(text);
    },
  });
  const client = stage.open((await stage.signIn()).headers);
  await heard(client, "connect");
  expect(
    await strayErrors(async () => {
      client.emit("bad");
      expect(await client.emitWithAck("good", "Zoë")).toBe("Zoë");
    }),
  ).toEqual([]);
  expect(stage.events).toContainEqual(expect.objectContaining({ type: "failed" }));
});

test("a client that resets its connection during the lookup ends nothing", async () => {
  await using stage = await openStage();
  const { headers } = await stage.signIn();
  const errors = await strayErrors(async () => {
    stage.handler.trouble = "silent";
    const before = stage.handler.calls;
    const client = stage.open(headers, { transports: ["websocket"] });
    await expect.poll(() => stage.handler.calls).toBeGreaterThan(before);
    client.disconnect();
    await expect.poll(() => stage.io.engine.clientsCount).toBe(0);
    stage.handler.trouble = "none";
    await heard(stage.open(headers), "connect");
  });
  expect(errors).toEqual([]);
  expect(stage.sockets.size).toBe(1);
});

test("a socket with recovered state is checked for its session again", async () => {
  const skipping = { connectionStateRecovery: {} };
  await expect(openStage({ server: skipping })).rejects.toThrow(TypeError);
  await using stage = await openStage({ server: { connectionStateRecovery: { skipMiddlewares: false } } });
  const { headers, id } = await stage.signIn();
  const recovered: Socket[] = [];
  stage.io.on("connection", (socket) => {
    if (socket.recovered) recovered.push(socket);
  });
  const client = stage.open(headers, { reconnection: true, transports: ["websocket"] });
  await heard(client, "connect");
  stage.io.emit("news", 1); // so that the client has seen a packet to go on from
  await heard(client, "news");
  client.io.engine.close();
  await heard(client, "connect");
  expect(recovered).toHaveLength(1);
  expect(stage.sockets.socketsOf(id)).toEqual(recovered);
});

test("a server without an HTTP server is refused, and so is any other object", () => {
  const sessions = createSessionManager({ handler: createMemoryHandler() });
  const options = { sessions, allowedOrigins: [origin] };
  expect(() => attachSessions(new Server(), options)).toThrow(TypeError);
  expect(() => attachSessions({} as Server, options)).toThrow(TypeError);
});

test("a server with custom types is accepted", () => {
  interface Heard {
    say(text: string, acknowledge: (length: number) => void): void;
  }
  const take = (io: Server<Heard, DefaultEventsMap, DefaultEventsMap, SessionSocketData<{ user: string }>>) => {
    const sessions = createSessionManager<{ user: string }>({ handler: createMemoryHandler() });
    io.on("connection", ({ data }) => void data.session.change((draft) => draft.set("user", "Ann")));
    return attachSessions(io, { sessions, allowedOrigins: [origin] });
  };
  expect(take).toBeTypeOf("function");
});
