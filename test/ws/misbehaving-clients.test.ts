import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RawData, WebSocket } from "ws";
import { type NativeStage, openNativeStage } from "./native-stage.ts";
import { frame, handshake, openRawClient, type RawClient } from "./raw-client.ts";

/** What goes wrong where nobody handles it, while `act` runs. */
async function strayErrors(act: () => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = [];
  const note = (error: unknown) => errors.push(error);
  process.on("uncaughtExceptionMonitor", note).on("unhandledRejection", note);
  try {
    await act();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("uncaughtExceptionMonitor", note).off("unhandledRejection", note);
  }
  return errors;
}

async function openConnections(stage: NativeStage): Promise<number> {
  return new Promise((resolve, reject) => {
    stage.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

/** No connection, no socket, no session that is looked after, no timer. */
async function expectNothingLeft(stage: NativeStage): Promise<void> {
  await stage.clock.advance(10_000);
  await expect.poll(() => openConnections(stage), { timeout: 10_000 }).toBe(0);
  await stage.clock.advance(10_000);
  expect(stage.sockets.size).toBe(0);
  expect(stage.wss.clients.size).toBe(0);
  expect(stage.clock.pending).toBe(0);
}

async function withClient(
  act: (client: RawClient, stage: NativeStage, cookie: string) => Promise<void>,
): Promise<void> {
  await using stage = await openNativeStage();
  const { url, cookie } = await stage.address(await stage.create());
  expect(
    await strayErrors(async () => {
      const client = await openRawClient(url);
      await act(client, stage, cookie);
      client.socket.destroy();
      await expectNothingLeft(stage);
    }),
  ).toEqual([]);
}

describe("a client", () => {
  test.each([
    ["resets the connection", (client: RawClient) => client.socket.resetAndDestroy()],
    ["ends the connection", (client: RawClient) => client.socket.destroy()],
    ["ends its side of the connection", (client: RawClient) => client.socket.end()],
  ])("that %s while the store is asked", (_, leave) =>
    withClient(async (client, stage, Cookie) => {
      stage.handler.trouble = "silent";
      const { calls } = stage.handler;
      client.socket.write(handshake({ Cookie }));
      await expect.poll(() => stage.handler.calls).toBe(calls + 1);
      leave(client);
      await client.ended;
      stage.handler.trouble = "none";
      expect(stage.events.filter(({ type }) => type === "opened")).toEqual([]);
    }),
  );

  test("that resets the connection right after its handshake", () =>
    withClient(async (client, _, Cookie) => {
      client.socket.write(handshake({ Cookie }));
      expect(await client.status()).toBe(101);
      client.socket.resetAndDestroy();
    }));

  test("that sends its handshake byte by byte", () =>
    withClient(async (client, _, Cookie) => {
      for (const character of handshake({ Cookie })) client.socket.write(character);
      expect(await client.status()).toBe(101);
    }));

  test("that connects and sends nothing, or half of it", () =>
    withClient(async (client) => {
      client.socket.write(handshake({}).slice(0, 40));
    }));

  test("that sends headers of 100 kB", () =>
    withClient(async (client) => {
      client.socket.write(handshake({ Cookie: `a=${"b".repeat(100_000)}` }));
      expect(await client.status()).toBe(431); // of Node
    }));

  test("that never reads", () =>
    withClient(async (client, stage, Cookie) => {
      client.socket.pause();
      client.socket.write(handshake({ Cookie }));
      await expect.poll(() => stage.sockets.size).toBe(1);
      const [socket] = [...stage.wss.clients];
      for (let count = 0; count < 100; count += 1) socket?.send("x".repeat(100_000));
      await stage.sockets.revalidate();
      const { id } = await stage.create();
      await stage.sessions.destroy(id);
    }));

  test("that goes on sending when its session has ended is heard by nobody", () =>
    withClient(async (client, stage, Cookie) => {
      const seen: string[] = [];
      const listen = (socket: WebSocket) => socket.on("message", (data: RawData) => seen.push(String(data)));
      stage.wss.on("connection", listen);
      client.socket.write(Buffer.concat([Buffer.from(handshake({ Cookie })), frame("before")]));
      await expect.poll(() => seen).toEqual(["before"]);
      const [socket] = stage.wss.clients;
      const id = await stage.sessions.cookie.parse(Cookie);
      await stage.sessions.destroy(id ?? "");
      if (socket) listen(socket);
      client.socket.write(Buffer.concat([frame("transfer all of it"), frame("", 0x88)])); // and only then the closing frame
      await client.ended;
      expect(seen).toEqual(["before"]);
    }));

  test("that upgrades to something else", () =>
    withClient(async (client, stage, Cookie) => {
      const { calls } = stage.handler;
      client.socket.write(handshake({ Cookie, Upgrade: "h2c" }));
      expect(await client.status()).toBe(400);
      expect(stage.handler.calls).toBe(calls);
    }));

  test("that leaves before it is known who it is takes no place away from others", async () => {
    let find = () => {};
    const found = new Promise<void>((resolve) => {
      find = resolve;
    });
    const stage: NativeStage = await openNativeStage(
      {},
      {
        maxSocketsPerSession: 1,
        cookie: { parse: (header) => found.then(() => stage.sessions.cookie.parse(header)) },
      },
    );
    await using _ = stage;
    const created = await stage.create();
    const { url, cookie } = await stage.address(created);
    const client = await openRawClient(url);
    client.socket.write(handshake({ Cookie: cookie }));
    client.socket.end();
    await client.ended;
    find();
    expect((await stage.connect(created)).client.isOpen).toBe(true);
  });

  test.each([
    ["has no key", { "Sec-WebSocket-Key": undefined }],
    ["has a key of another length", { "Sec-WebSocket-Key": "x" }],
    ["speaks another version", { "Sec-WebSocket-Version": "12" }],
  ])("that %s", (__, headers) =>
    withClient(async (client, _, Cookie) => {
      client.socket.write(handshake({ Cookie, ...headers }));
      expect(await client.status()).toBeGreaterThanOrEqual(400);
    }),
  );

  test.each([
    ["is not masked", Buffer.from([0x81, 0x01, 0x61]), 1002],
    ["has reserved bits", frame("a", 0xf1), 1002],
    ["has an unknown opcode", frame("a", 0x83), 1002],
    ["is no UTF-8", Buffer.concat([frame("").subarray(0, 1), Buffer.from([0x81, 0, 0, 0, 0, 0xff])]), 1007],
    ["is said to be of 2^63 bytes", Buffer.from([0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255]), 1009],
  ])("whose frame %s", (_, bytes, code) =>
    withClient(async (client, stage, Cookie) => {
      client.socket.write(handshake({ Cookie }));
      await client.status();
      client.socket.write(bytes);
      await client.ended;
      await expect.poll(() => stage.events.map(({ type }) => type)).toEqual(["opened", "failed", "closed"]);
      expect(stage.events[2]).toMatchObject({ code: 1006 });
      expect(client.received.includes(String.fromCharCode(code >> 8, code & 255))).toBe(true);
    }),
  );
});

describe("messages that come with the handshake", () => {
  test("are handed over once when somebody listens from the beginning", () =>
    withClient(async (client, stage, Cookie) => {
      const seen: string[] = [];
      stage.wss.on("connection", (socket: WebSocket) =>
        socket.on("message", (data: RawData) => seen.push(String(data))),
      );
      client.socket.write(Buffer.concat([Buffer.from(handshake({ Cookie })), frame("1"), frame("2")]));
      await client.status();
      client.socket.write(frame("3"));
      await expect.poll(() => seen.at(-1)).toBe("3");
      expect(seen).toEqual(["1", "2", "3"]);
    }));

  test("are handed over in order when somebody listens", () =>
    withClient(async (client, stage, Cookie) => {
      const seen: string[] = [];
      stage.wss.on("connection", async (socket: WebSocket) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        socket.on("message", (data: RawData) => seen.push(String(data)));
      });
      client.socket.write(Buffer.concat([Buffer.from(handshake({ Cookie })), frame("1"), frame("2")]));
      await client.status();
      client.socket.write(frame("3"));
      await expect.poll(() => seen).toEqual(["1", "2", "3"]);
    }));
});

/** Texts that a handshake may be made of: what is right, what is wrong, and what is neither. */
function attempts(cookie: string) {
  const mostly = <T>(right: T, ...others: T[]) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
  return fc.record({
    Origin: mostly<string | undefined>(
      "http://app.example",
      undefined,
      "null",
      "https://evil.example",
      "http://app.example, x",
    ),
    Cookie: mostly<string | undefined>(
      cookie,
      undefined,
      `${cookie}x`,
      `${cookie}; ${cookie}`,
      `${cookie}; ${cookie.slice(0, -1)}_`,
      `a=${"b".repeat(5000)}; ${cookie}`,
      cookie.replace("=", '="'),
      "__Host-session=",
    ),
    Upgrade: mostly("websocket", "WebSocket", "h2c", "websocket, foo"),
    "Sec-WebSocket-Version": mostly("13", "8", "x"),
    "Sec-WebSocket-Key": mostly("dGhlIHNhbXBsZSBub25jZQ==", "", "short"),
    trouble: mostly<NativeStage["handler"]["trouble"]>("none", "failing", "silent"),
    early: fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.string() }),
    cutAfter: fc.option(fc.nat(400), { nil: undefined, freq: 5 }),
    isReset: fc.boolean(),
  });
}

test("whatever a handshake is made of, it opens a socket only if all of it is right, and leaves nothing behind", async () => {
  await using stage = await openNativeStage();
  const { url, cookie } = await stage.address(await stage.create());
  const errors = await strayErrors(() =>
    fc.assert(
      fc.asyncProperty(attempts(cookie), async ({ trouble, early, cutAfter, isReset, ...headers }) => {
        const client = await openRawClient(url);
        stage.handler.trouble = trouble;
        client.socket.write((handshake(headers) + early).slice(0, cutAfter));
        if (cutAfter !== undefined) {
          if (isReset) client.socket.resetAndDestroy();
          else client.socket.end();
        }
        const status = client.status();
        // A store that is silent is waited for until the deadline, in virtual time.
        let isOver = false;
        status.finally(() => {
          isOver = true;
        });
        while (!isOver) await stage.clock.advance(1000);
        const isOfOurs = headers.Origin === "http://app.example" && headers.Cookie?.split("; ").at(-1) === cookie;
        const isRight =
          isOfOurs && headers.Upgrade.toLowerCase() === "websocket" && headers["Sec-WebSocket-Version"] !== "x";
        if ((await status) === 101) expect(isRight && trouble === "none").toBe(true);
        else expect([undefined, 400, 401, 403, 404, 405, 426, 503]).toContain(await status);
        client.socket.destroy();
        stage.handler.trouble = "none";
        await expectNothingLeft(stage);
      }),
      { numRuns: 300 },
    ),
  );
  expect(errors).toEqual([]);
  expect(stage.events.filter(({ type }) => type === "opened").length).toBeGreaterThan(10);
}, 60_000);
