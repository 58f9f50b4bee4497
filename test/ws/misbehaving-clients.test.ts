import { describe, expect, test } from "vitest";
import type { RawData, WebSocket } from "ws";
import { type NativeStage, openNativeStage } from "./native-stage.ts";
import { frame, handshake, openRawClient, type RawClient } from "./raw-client.ts";
import { withClient } from "./raw-stage.ts";

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

  test("that never reads is dropped when its session ends, together with its pending data", () =>
    withClient(async (client, stage, Cookie) => {
      client.socket.pause();
      client.socket.write(handshake({ Cookie }));
      await expect.poll(() => stage.sockets.size).toBe(1);
      const [socket] = stage.wss.clients;
      for (let count = 0; count < 100; count += 1) socket?.send("x".repeat(100_000));
      expect(socket?.bufferedAmount).toBeGreaterThan(1_000_000);
      const id = await stage.sessions.cookie.parse(Cookie);
      await stage.sessions.destroy(id ?? "");
      await stage.clock.advance(1999);
      expect(stage.wss.clients.size).toBe(1);
      await stage.clock.advance(1);
      await expect.poll(() => stage.wss.clients.size).toBe(0);
    }));

  test("that goes on sending after its session has ended is ignored", () =>
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

  test("that upgrades to another protocol", () =>
    withClient(async (client, stage, Cookie) => {
      const { calls } = stage.handler;
      client.socket.write(handshake({ Cookie, Upgrade: "h2c" }));
      expect(await client.status()).toBe(400);
      expect(stage.handler.calls).toBe(calls);
    }));

  test("that leaves before it is identified takes no place away from others", async () => {
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

describe("messages that arrive with the handshake", () => {
  test("are handed over once to a listener from the beginning", () =>
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

  test("are handed over in order to a later listener", () =>
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
