// @module-tag real-time

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type FaultProxy, startFaultProxy } from "sessionwire/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

let server: Server;
let proxy: FaultProxy;
/** How many times data has arrived at the server, and how much. */
let arrivals: Buffer[];

/** Sends back whatever it is sent. */
beforeEach(async () => {
  arrivals = [];
  server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => {});
    socket.on("data", (data) => {
      arrivals.push(data);
      socket.write(data);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy = await startFaultProxy({ port: (server.address() as AddressInfo).port, seed: 7 });
});
afterEach(async () => {
  await proxy.close();
  server.close();
});

interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  readonly pieces: string[];
}

async function openClient(): Promise<Client> {
  const socket = connect({ port: proxy.port, host: "127.0.0.1", noDelay: true });
  const pieces: string[] = [];
  socket.on("data", (data) => pieces.push(data.toString()));
  socket.on("error", () => {});
  await once(socket, "connect");
  return { socket, pieces, received: () => pieces.join("") };
}

/** `once` would reject with the reset that comes first. */
function isClosed({ socket }: Client): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

const arrives = (client: Client, text: string) =>
  vi.waitUntil(() => client.received() === text, { timeout: 5000, interval: 1 });

test("delays one direction and not the other", async () => {
  const client = await openClient();
  proxy.requests.delayMs = 80;
  const there = timeOf(() => vi.waitUntil(() => arrivals.length > 0, { timeout: 5000, interval: 1 }));
  client.socket.write("x");
  expect(await there).toBeGreaterThan(75);
  await arrives(client, "x");
  proxy.requests.delayMs = 0;
  proxy.replies.delayMs = 80;
  client.socket.write("y");
  const back = timeOf(() => arrives(client, "xy"));
  await vi.waitUntil(() => arrivals.length > 1, { timeout: 60, interval: 1 });
  expect(await back).toBeGreaterThan(75);
});

test("adds jitter, the same for the same seed, and keeps the order", async () => {
  const client = await openClient();
  proxy.requests.jitterMs = 30;
  const text = "abcdefghij";
  for (const letter of text) {
    client.socket.write(letter);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await arrives(client, text);
});

test("limits the bandwidth", async () => {
  const client = await openClient();
  proxy.replies.bytesPerSecond = 10_000;
  const text = "x".repeat(3000);
  const took = await timeOf(async () => {
    client.socket.write(text);
    await arrives(client, text);
  });
  expect(took).toBeGreaterThan(280);
});

test("passes on in slices", async () => {
  const client = await openClient();
  Object.assign(proxy.requests, { sliceBytes: 3, delayMs: 5 });
  client.socket.write("abcdefgh");
  await arrives(client, "abcdefgh");
  expect(Buffer.concat(arrivals).toString()).toBe("abcdefgh");
  proxy.replies.bytesPerSecond = 20; // so that the pieces come one by one
  proxy.replies.sliceBytes = 2;
  client.pieces.length = 0;
  client.socket.write("abcdef");
  await arrives(client, "abcdef");
  expect(client.pieces).toEqual(["ab", "cd", "ef"]);
});

test("cuts the connection in the middle, after so many bytes, once", async () => {
  const client = await openClient();
  proxy.replies.cutAfterBytes = 4;
  client.socket.write("abcdefgh");
  await isClosed(client);
  expect(client.received()).toBe("abcd");
  const next = await openClient();
  next.socket.write("abcdefgh");
  await arrives(next, "abcdefgh");
  next.socket.destroy();
});

test("loses replies, which the server has sent, and resets that connection when it is healed", async () => {
  const client = await openClient();
  proxy.replies.lost = true;
  client.socket.write("lost");
  await vi.waitUntil(() => arrivals.length > 0);
  const closed = isClosed(client);
  proxy.heal();
  await closed;
  expect(client.received()).toBe("");
  expect(proxy.replies.lost).toBe(false);
});

test("goes silent, ends, resets and refuses", async () => {
  const silent = await openClient();
  proxy.silence();
  silent.socket.write("x");
  const ended = await openClient();
  proxy.finAll();
  await once(ended.socket, "end");
  const reset = await openClient();
  proxy.newConnections = "refuse";
  const refused = connect({ port: proxy.port, host: "127.0.0.1" });
  const [refusal] = await once(refused, "error");
  expect(refusal.code).toMatch(/ECONNRESET|ECONNREFUSED/);
  const closed = isClosed(reset);
  proxy.resetAll();
  await closed;
  expect(silent.received()).toBe("");
  expect(arrivals).toEqual([]);
});
