// @module-tag real-time

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { startFaultProxy } from "sessionwire/testing";
import { expect, test, vi } from "vitest";

/** Long enough for anything on the loopback interface to arrive that is on its way. */
const quietMs = 250;

test("forwards bytes and ends both ways and counts connections", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const client = await open(proxy.port);
  client.socket.write("hello");
  await client.hears("hello");
  expect([proxy.accepted, proxy.open]).toEqual([1, 1]);
  client.socket.end("bye");
  await client.hears("hellobye");
  await client.hearsEnd();
  expect([proxy.accepted, proxy.open]).toEqual([1, 0]);
});

test("forwards megabytes completely to a slow reader", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const client = await open(proxy.port);
  client.socket.pause();
  client.socket.end("x".repeat(8_000_000));
  await quiet();
  client.socket.resume();
  await client.hearsEnd();
  expect(client.heard.length).toBe(8_000_000);
});

test("withholds bytes and ends from both sides of a silent connection while new ones work", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const first = await open(proxy.port);
  const second = await open(proxy.port);
  for (const client of [first, second]) {
    client.socket.write("before");
    await client.hears("before");
  }
  proxy.silence();
  first.socket.write("after");
  first.socket.end();
  echo.connections[1]?.end("from the server");
  await quiet();
  expect(echo.heard).toEqual(["before", "before"]);
  expect(echo.ended).toBe(0);
  expect([first.heard, first.hasEnded, second.heard, second.hasEnded]).toEqual(["before", false, "before", false]);
  expect([proxy.accepted, proxy.open]).toEqual([2, 1]);

  const third = await open(proxy.port);
  third.socket.write("new");
  await third.hears("new");
  proxy.heal();
  await Promise.all([first.hearsReset(), second.hearsReset()]);
  third.socket.write("er");
  await third.hears("newer");
});

test("withholds a reset by the client of a silent connection from the server", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const client = await open(proxy.port);
  client.socket.write("before");
  await client.hears("before");
  proxy.silence();
  client.socket.resetAndDestroy();
  await vi.waitUntil(() => proxy.open === 0);
  await quiet();
  expect([echo.ended, echo.broken]).toEqual([0, 0]);
});

test("accepts new connections and never answers them in silent mode", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  proxy.newConnections = "silent";
  const client = await open(proxy.port);
  client.socket.end("anybody there?");
  await quiet();
  expect([client.heard, client.hasEnded, echo.connections.length]).toEqual(["", false, 0]);
});

test("resets new connections in refusing mode, and no existing one", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const old = await open(proxy.port);
  old.socket.write("a");
  await old.hears("a");
  proxy.newConnections = "refuse";
  await (await open(proxy.port)).hearsReset();
  expect([proxy.accepted, proxy.open]).toEqual([2, 1]);
  old.socket.write("b");
  await old.hears("ab");
});

test("delays both directions and keeps the order, even if the delay gets shorter", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const client = await open(proxy.port);
  for (const direction of [proxy.requests, proxy.replies]) direction.delayMs = 100;
  const start = performance.now();
  client.socket.write("slow ");
  await client.hears("slow ");
  expect(performance.now() - start).toBeGreaterThanOrEqual(200);
  client.socket.write("first ");
  await quiet(20);
  for (const direction of [proxy.requests, proxy.replies]) direction.delayMs = 0;
  client.socket.end("second");
  await client.hearsEnd();
  expect(client.heard).toBe("slow first second");
});

test("resets or ends all existing connections", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const reset = await open(proxy.port);
  reset.socket.write("a");
  await reset.hears("a");
  proxy.resetAll();
  await reset.hearsReset();
  const ended = await open(proxy.port);
  ended.socket.write("b");
  await ended.hears("b");
  proxy.finAll();
  await ended.hearsEnd();
  expect(ended.error).toBeUndefined();
});

test("resets a connection without a server", async () => {
  const echo = await startEcho();
  await echo[Symbol.asyncDispose]();
  await using proxy = await startFaultProxy(echo);
  await (await open(proxy.port)).hearsReset();
});

test("delays one direction and not the other", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const client = await open(proxy.port);
  proxy.requests.delayMs = 80;
  const there = timeOf(() => vi.waitUntil(() => echo.heard[0] === "x", { timeout: 5000, interval: 1 }));
  client.socket.write("x");
  expect(await there).toBeGreaterThan(75);
  await client.hears("x");
  proxy.requests.delayMs = 0;
  proxy.replies.delayMs = 80;
  client.socket.write("y");
  const back = timeOf(() => client.hears("xy"));
  await vi.waitUntil(() => echo.heard[0] === "xy", { timeout: 60, interval: 1 });
  expect(await back).toBeGreaterThan(75);
});

test("adds jitter, the same for the same seed, and keeps the order", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy({ ...echo, seed: 7 });
  const client = await open(proxy.port);
  proxy.requests.jitterMs = 30;
  const text = "abcdefghij";
  for (const letter of text) {
    client.socket.write(letter);
    await quiet(3);
  }
  await client.hears(text);
});

test("limits the bandwidth", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const client = await open(proxy.port);
  proxy.replies.bytesPerSecond = 10_000;
  const text = "x".repeat(3000);
  client.socket.write(text);
  expect(await timeOf(() => client.hears(text))).toBeGreaterThan(280);
});

test("forwards in slices", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const client = await open(proxy.port);
  Object.assign(proxy.requests, { sliceBytes: 3, delayMs: 5 });
  client.socket.write("abcdefgh");
  await client.hears("abcdefgh");
  expect(echo.heard).toEqual(["abcdefgh"]);
  proxy.replies.bytesPerSecond = 20; // so that the pieces come one by one
  proxy.replies.sliceBytes = 2;
  const pieces: string[] = [];
  client.socket.on("data", (piece) => pieces.push(String(piece)));
  client.socket.write("abcdef");
  await client.hears("abcdefghabcdef");
  expect(pieces).toEqual(["ab", "cd", "ef"]);
});

test("cuts the connection once in the middle, after a number of bytes", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const client = await open(proxy.port);
  proxy.replies.cutAfterBytes = 4;
  client.socket.write("abcdefgh");
  await vi.waitUntil(() => client.hasEnded || client.error);
  expect(client.heard).toBe("abcd");
  const next = await open(proxy.port);
  next.socket.write("abcdefgh");
  await next.hears("abcdefgh");
});

test("loses replies that the server has sent, and resets that connection when it is healed", async () => {
  await using echo = await startEcho();
  await using proxy = await startFaultProxy(echo);
  const client = await open(proxy.port);
  client.socket.write("a");
  await client.hears("a");
  proxy.replies.lost = true;
  client.socket.write("b");
  await vi.waitUntil(() => echo.heard[0] === "ab");
  await quiet();
  expect(client.heard).toBe("a");
  proxy.heal();
  await client.hearsReset();
  expect(client.heard).toBe("a");
  expect(proxy.replies.lost).toBe(false);
});

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function quiet(ms: number = quietMs): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A server that sends back what it hears and tells what it saw. */
async function startEcho() {
  const connections: Socket[] = [];
  const heard: string[] = [];
  const seen = { ended: 0, broken: 0 };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const index = connections.push(socket) - 1;
    heard[index] = "";
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      heard[index] += String(text);
    });
    socket.on("end", () => {
      seen.ended += 1;
    });
    socket.on("error", () => {
      seen.broken += 1;
    });
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    connections,
    heard,
    get ended() {
      return seen.ended;
    },
    get broken() {
      return seen.broken;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A bare client that keeps its half of a connection open until it is told otherwise. */
async function open(port: number) {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }).setEncoding("latin1");
  const seen: { heard: string; hasEnded: boolean; error: NodeJS.ErrnoException | undefined } = {
    heard: "",
    hasEnded: false,
    error: undefined,
  };
  socket.on("data", (text) => {
    seen.heard += String(text);
  });
  socket.on("end", () => {
    seen.hasEnded = true;
  });
  socket.on("error", (error) => {
    seen.error = error;
  });
  await once(socket, "connect").catch(() => {});
  return {
    socket,
    get heard() {
      return seen.heard;
    },
    get hasEnded() {
      return seen.hasEnded;
    },
    get error() {
      return seen.error;
    },
    hears: (text: string) => vi.waitUntil(() => seen.heard === text, { interval: 2 }),
    hearsEnd: () => vi.waitUntil(() => seen.hasEnded, { timeout: 5000, interval: 2 }),
    hearsReset: () => vi.waitUntil(() => seen.error?.code === "ECONNRESET", { interval: 2 }),
  };
}
