import { once } from "node:events";
import { describe, expect, test } from "vitest";
import type { RawData, WebSocket } from "ws";
import type { Client } from "./client.ts";
import { openNativeStage } from "./native-stage.ts";

async function openPair() {
  const stage = await openNativeStage();
  const { client, socket } = await stage.connect(await stage.create());
  return { stage, client, socket, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() };
}

/** Resolves when the server has seen all that was sent. */
async function settle(client: Client): Promise<void> {
  client.socket.ping();
  await once(client.socket, "pong");
}

const numbers = (count: number) => Array.from({ length: count }, (_, place) => String(place));

function listen(socket: WebSocket): string[] {
  const seen: string[] = [];
  socket.on("message", (data: RawData) => seen.push(String(data)));
  return seen;
}

describe("messages that arrive before there is a listener", () => {
  test("are handed over once and in order, followed by later ones", async () => {
    await using pair = await openPair();
    for (const text of numbers(10)) pair.client.send(text);
    await settle(pair.client);
    const [seen, seenByOther] = [listen(pair.socket), listen(pair.socket)];
    for (const text of ["a", "b"]) pair.client.send(text);
    await expect.poll(() => seen).toEqual([...numbers(10), "a", "b"]);
    expect(seenByOther).toEqual(seen);
  });

  test("keep their kind, text or binary", async () => {
    await using pair = await openPair();
    pair.client.socket.send("text");
    pair.client.socket.send(Buffer.from([0, 255]));
    await settle(pair.client);
    const seen: [string, boolean][] = [];
    pair.socket.on("message", (data: Buffer, isBinary) => seen.push([data.toString("hex"), isBinary]));
    await expect
      .poll(() => seen)
      .toEqual([
        [Buffer.from("text").toString("hex"), false],
        ["00ff", true],
      ]);
  });

  test("are not lost if there are more than the limit: the client has to wait", async () => {
    await using pair = await openPair();
    for (const text of numbers(1000)) pair.client.send(text);
    await expect.poll(() => pair.socket.isPaused).toBe(true);
    const seen = listen(pair.socket);
    await expect.poll(() => seen.length).toBe(1000);
    expect(seen).toEqual(numbers(1000));
  });

  test("are limited if they are large", async () => {
    await using pair = await openPair();
    for (let count = 0; count < 20; count += 1) pair.client.socket.send("x".repeat(500_000));
    await expect.poll(() => pair.socket.isPaused).toBe(true);
    const seen = listen(pair.socket);
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(20);
  });

  test("reach a listener that takes one at a time", async () => {
    await using pair = await openPair();
    for (const text of numbers(3)) pair.client.send(text);
    await settle(pair.client);
    for (const text of numbers(3)) expect(String((await once(pair.socket, "message"))[0])).toBe(text);
    const next = once(pair.socket, "message");
    pair.client.send("next");
    expect(String((await next)[0])).toBe("next");
  });

  test("reach a listener that takes one at a time, has taken all so far, and waits for more", async () => {
    await using pair = await openPair();
    const first = once(pair.socket, "message");
    await settle(pair.client);
    // As ws does it when they arrive together.
    for (const text of numbers(3)) pair.socket.emit("message", Buffer.from(text), false);
    expect(String((await first)[0])).toBe("0");
    for (const text of ["1", "2"]) expect(String((await once(pair.socket, "message"))[0])).toBe(text);
    const next = once(pair.socket, "message");
    pair.client.send("next");
    expect(String((await next)[0])).toBe("next");
  });

  test("reach a listener that takes one at a time, however many the client sends at once", async () => {
    await using pair = await openPair();
    for (const text of numbers(300)) pair.client.send(text);
    await expect.poll(() => pair.socket.isPaused).toBe(true);
    for (const text of numbers(300)) expect(String((await once(pair.socket, "message"))[0])).toBe(text);
    expect(pair.socket.isPaused).toBe(false);
  });

  test("reach a listener that takes one at a time, however large they are", async () => {
    await using pair = await openPair();
    for (const text of numbers(6)) pair.client.send(text.repeat(600_000));
    for (const text of numbers(6)) {
      const [data] = await once(pair.socket, "message");
      expect(String(data)).toBe(text.repeat(600_000));
    }
  });

  test.each([
    [
      "addEventListener",
      (socket: WebSocket, hear: (data: unknown) => void) =>
        socket.addEventListener("message", ({ data }) => hear(data)),
    ],
    [
      "onmessage",
      (socket: WebSocket, hear: (data: unknown) => void) => {
        socket.onmessage = ({ data }) => hear(data);
      },
    ],
  ])("are there for %s as well", async (_, attach) => {
    await using pair = await openPair();
    for (const text of numbers(3)) pair.client.send(text);
    await settle(pair.client);
    const seen: string[] = [];
    attach(pair.socket, (data) => seen.push(String(data)));
    await expect.poll(() => seen).toEqual(numbers(3));
  });

  test("are dropped when nobody has listened for the maximum time of a handshake, and the socket goes on", async () => {
    await using pair = await openPair();
    for (const text of numbers(200)) pair.client.send(text);
    await expect.poll(() => pair.socket.isPaused).toBe(true);
    await pair.stage.clock.advance(5000);
    expect(pair.socket.isPaused).toBe(false);
    await settle(pair.client);
    const seen = listen(pair.socket);
    pair.client.send("late");
    await expect.poll(() => seen).toEqual(["late"]);
    pair.client.socket.close();
    await expect.poll(() => pair.stage.sockets.size).toBe(0);
  });

  test("reach nobody when the session has ended before, however many listen then", async () => {
    await using stage = await openNativeStage();
    const created = await stage.create();
    const { client, socket } = await stage.connect(created);
    client.send("transfer all of it");
    await settle(client);
    await stage.sessions.destroy(created.id);
    const seen = [listen(socket), listen(socket), listen(socket)];
    await client.closed;
    expect(seen).toEqual([[], [], []]);
  });

  test("do not prevent a socket from being closed while it is paused", async () => {
    await using pair = await openPair();
    for (const text of numbers(200)) pair.client.send(text);
    await expect.poll(() => pair.socket.isPaused).toBe(true);
    await pair.stage.sockets.close();
    expect((await pair.client.closed).code).toBe(1001);
  });
});

describe("a pause of the application", () => {
  test("is not undone when it listens before or after", async () => {
    await using stage = await openNativeStage();
    const [before, after] = [await stage.connect(await stage.create()), await stage.connect(await stage.create())];
    const seen = [listen(before.socket)];
    before.socket.pause();
    after.socket.pause();
    seen.push(listen(after.socket));
    for (const { client } of [before, after]) client.send("1");
    await stage.clock.advance(5000);
    expect([before.socket.isPaused, after.socket.isPaused]).toEqual([true, true]);
    expect(seen).toEqual([[], []]);
    for (const { socket } of [before, after]) socket.resume();
    await expect.poll(() => seen).toEqual([["1"], ["1"]]);
  });

  test("is not undone when it does not listen for as long as messages are kept, and loses nothing", async () => {
    await using pair = await openPair();
    pair.socket.pause();
    for (const text of numbers(100)) pair.client.send(text);
    await pair.stage.clock.advance(5000);
    expect(pair.socket.isPaused).toBe(true);
    const seen = listen(pair.socket);
    pair.socket.resume();
    await expect.poll(() => seen).toEqual(numbers(100));
  });
});
