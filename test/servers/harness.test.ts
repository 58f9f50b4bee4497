// @module-tag real-time

import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test, vi } from "vitest";
import { canDropPackets, dropEstablished, runInNetworkNamespace } from "../faults/packet-loss.ts";
import { startProxy } from "../faults/proxy.ts";
import { startRedis } from "./redis-server.ts";

/** How long a test watches that nothing happens. */
const quietMs = 250;

describe("a Redis server", () => {
  test("answers commands, rejects with its error messages, and leaves nothing behind", async () => {
    const server = await startRedis();
    expect(await server.command("ping")).toBe("PONG");
    expect(await server.command("set", "key", "value with spaces")).toBe("OK");
    expect(await server.command("get", "key")).toBe("value with spaces");
    expect(await server.command("hset", "hash", "a", "1")).toBe(1);
    expect(await server.command("hgetall", "hash")).toEqual(["a", "1"]);
    await expect(server.command("incr", "key")).rejects.toThrow("ERR value is not an integer");
    const { directory, pid } = server;
    await server.stop();
    await expect(access(directory)).rejects.toThrow("ENOENT");
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    await expect(server.command("ping")).rejects.toThrow();
  });

  test("is empty after a restart on the same port when it writes no file", async () => {
    await using server = await startRedis();
    await server.command("set", "key", "value");
    const { pid, port } = server;
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(server.port).toBe(port);
    expect(await server.command("get", "key")).toBeNull();
  });

  test("has its data after a restart when it writes an append-only file", async () => {
    await using server = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
    await server.command("set", "key", "value");
    await server.kill();
    await expect(server.command("ping")).rejects.toThrow();
    await server.restart();
    expect(await server.command("get", "key")).toBe("value");
  });

  test("counts as started while it is loading", async () => {
    await using server = await startRedis({ args: ["--appendonly", "yes", "--key-load-delay", "500"] });
    // Redis looks at its connections after every 1024 commands that it loads.
    await server.command("eval", "for i = 1, 4000 do redis.call('set', 'key ' .. i, i) end", "0");
    await server.restart();
    await expect(server.command("get", "key 1")).rejects.toThrow("LOADING");
  });

  test("has a port of its own among several that start at once", async () => {
    const servers = await Promise.all(Array.from({ length: 5 }, () => startRedis()));
    const ports = new Set(servers.map((server) => server.port));
    await Promise.all(servers.map((server) => server.stop()));
    expect(ports.size).toBe(5);
  });

  test("is not mistaken for another one that has its port", async () => {
    await using server = await startRedis();
    await expect(startRedis({ port: server.port })).rejects.toThrow("did not start");
    expect(await server.command("ping")).toBe("PONG");
  });

  test("answers nothing while it is frozen and everything afterwards", async () => {
    await using server = await startRedis();
    server.freeze();
    let reply: unknown;
    const answered = server.command("ping").then((pong) => {
      reply = pong;
    });
    await quiet();
    expect(reply).toBeUndefined();
    server.thaw();
    await answered;
    expect(reply).toBe("PONG");
  });

  test("stops though it is frozen", async () => {
    const server = await startRedis();
    server.freeze();
    await server.stop();
    expect(() => process.kill(server.pid, 0)).toThrow("ESRCH");
  });

  test("does not outlive a test process that is killed", async () => {
    const port = await withScript(orphaningScript, async (script) => {
      const env = { ...process.env, TMPDIR: dirname(script) };
      const child = spawn(process.execPath, ["--import", "tsx", script], { env, stdio: ["ignore", "pipe", "inherit"] });
      const [line] = await once(createInterface(child.stdout), "line");
      child.kill("SIGKILL");
      return Number(line);
    });
    expect(port).toBeGreaterThan(0);
    await vi.waitUntil(() => isRefused(port), { timeout: 5000 });
  }, 30_000);

  test("is monitored byte by byte, without the commands that scripts run", async () => {
    await using server = await startRedis();
    const monitor = await server.monitor();
    await server.command("eval", "return redis.call('set', KEYS[1], 'inside')", "1", "key");
    await server.command("set", 'a "quoted" \\ key', "line\r\nbreak é \u0000 €");
    await monitor.caughtUp();
    await server.command("ping");
    await monitor.caughtUp();
    monitor.stop();
    expect(monitor.commands).toEqual([
      ["EVAL", "return redis.call('set', KEYS[1], 'inside')", "1", "key"],
      ["SET", 'a "quoted" \\ key', "line\r\nbreak é \u0000 €"],
      ["PING"],
    ]);
  });
});

describe("a fault proxy", () => {
  test("forwards bytes and ends both ways and counts connections", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy(echo);
    const client = await open(proxy.port);
    client.socket.write("hello");
    await client.hears("hello");
    expect([proxy.accepted, proxy.open]).toEqual([1, 1]);
    client.socket.end("bye");
    await client.hears("hellobye");
    await client.hearsEnd();
    expect([proxy.accepted, proxy.open]).toEqual([1, 0]);
  });

  test("forwards megabytes whole to a slow reader", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy(echo);
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
    await using proxy = await startProxy(echo);
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
    await using proxy = await startProxy(echo);
    const client = await open(proxy.port);
    client.socket.write("before");
    await client.hears("before");
    proxy.silence();
    client.socket.resetAndDestroy();
    await vi.waitUntil(() => proxy.open === 0);
    await quiet();
    expect([echo.ended, echo.broken]).toEqual([0, 0]);
  });

  test("accepts new connections and never answers them when they are to be silent", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy(echo);
    proxy.newConnections = "silent";
    const client = await open(proxy.port);
    client.socket.end("anybody there?");
    await quiet();
    expect([client.heard, client.hasEnded, echo.connections.length]).toEqual(["", false, 0]);
  });

  test("resets new connections when they are to be refused, and no existing one", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy(echo);
    const old = await open(proxy.port);
    old.socket.write("a");
    await old.hears("a");
    proxy.newConnections = "refuse";
    await (await open(proxy.port)).hearsReset();
    expect([proxy.accepted, proxy.open]).toEqual([2, 1]);
    old.socket.write("b");
    await old.hears("ab");
  });

  test("lets a command through to the server and swallows the reply", async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server);
    const client = await open(proxy.port);
    client.socket.write("INCR counter\r\n");
    await client.hears(":1\r\n");
    proxy.dropReplies(true);
    client.socket.write("INCR counter\r\n");
    await vi.waitUntil(async () => (await server.command("get", "counter")) === "2");
    await quiet();
    expect(client.heard).toBe(":1\r\n");
    proxy.heal();
    await client.hearsReset();
    expect(client.heard).toBe(":1\r\n");
  });

  test("delays both directions and keeps the order, also when the delay gets shorter", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy(echo);
    const client = await open(proxy.port);
    proxy.delayMs = 100;
    const start = performance.now();
    client.socket.write("slow ");
    await client.hears("slow ");
    expect(performance.now() - start).toBeGreaterThanOrEqual(200);
    client.socket.write("first ");
    await quiet(20);
    proxy.delayMs = 0;
    client.socket.end("second");
    await client.hearsEnd();
    expect(client.heard).toBe("slow first second");
  });

  test("resets or ends all existing connections", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy(echo);
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

  test("resets a connection whose server is not there", async () => {
    const echo = await startEcho();
    await echo[Symbol.asyncDispose]();
    await using proxy = await startProxy(echo);
    await (await open(proxy.port)).hearsReset();
  });
});

describe("packet loss", () => {
  test("silences one connection to a real server and no other", async (context) => {
    const possible = canDropPackets();
    if (possible !== true) {
      console.warn(possible);
      context.skip(possible);
      return;
    }
    const { stdout } = await runTypeScript(lossyConversation);
    expect(stdout.trim().split("\n")).toEqual(["before +PONG", "during nothing", "another +PONG"]);
  }, 60_000);

  test("tells what a script that fails wrote to stderr", async (context) => {
    const possible = canDropPackets();
    if (possible !== true) {
      console.warn(possible);
      context.skip(possible);
      return;
    }
    const failing = 'console.error("what went wrong"); process.exitCode = 3;';
    await expect(runTypeScript(failing)).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining("what went wrong"),
    });
  }, 60_000);

  test("is refused in the network of the machine", () => {
    expect(() => dropEstablished(1, 2)).toThrow("private network namespace");
  });
});

const lossyConversation = `
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { dropEstablished } from ${JSON.stringify(new URL("../faults/packet-loss.ts", import.meta.url).href)};
import { startRedis } from ${JSON.stringify(new URL("./redis-server.ts", import.meta.url).href)};

await using server = await startRedis();
const ping = async (socket) => {
  socket.write("PING\\r\\n");
  const reply = await Promise.race([once(socket, "data"), sleep(500, ["nothing"])]);
  return String(reply[0]).trim();
};
const first = connect(server.port, "127.0.0.1");
await once(first, "connect");
console.log("before", await ping(first));
dropEstablished(server.port, first.localPort);
console.log("during", await ping(first));
const second = connect(server.port, "127.0.0.1");
console.log("another", await ping(second));
first.destroy();
second.destroy();
`;

const orphaningScript = `
import { startRedis } from ${JSON.stringify(new URL("./redis-server.ts", import.meta.url).href)};
console.log((await startRedis()).port);
setInterval(() => {}, 1000);
`;

function runTypeScript(source: string): Promise<{ stdout: string }> {
  return withScript(source, (script) => runInNetworkNamespace(script, {}));
}

async function withScript<Result>(source: string, use: (path: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "script-"));
  try {
    const script = join(directory, "script.mts");
    await writeFile(script, source);
    return await use(script);
  } finally {
    await rm(directory, { recursive: true });
  }
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => resolve(true));
  });
}

/** Long enough for anything on the loopback interface to arrive that is on its way. */
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
