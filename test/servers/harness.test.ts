// @module-tag real-time

import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test, vi } from "vitest";
import { canDropPackets, dropEstablished, runInNetworkNamespace } from "../faults/packet-loss.ts";
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

  test("is empty after a restart on the same port if it writes no file", async () => {
    await using server = await startRedis();
    await server.command("set", "key", "value");
    const { pid, port } = server;
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(server.port).toBe(port);
    expect(await server.command("get", "key")).toBeNull();
  });

  test("has its data after a restart if it writes an append-only file", async () => {
    await using server = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
    await server.command("set", "key", "value");
    await server.kill();
    await expect(server.command("ping")).rejects.toThrow();
    await server.restart(); // it counts as started while it is loading
    await vi.waitFor(async () => expect(await server.command("get", "key")).toBe("value"));
  });

  test("counts as started while it is loading", async () => {
    await using server = await startRedis({ args: ["--appendonly", "yes", "--key-load-delay", "500"] });
    // Redis looks at its connections after every 1024 commands that it loads.
    await server.command("eval", "for i = 1, 4000 do redis.call('set', 'key ' .. i, i) end", "0");
    await server.restart();
    await expect(server.command("get", "key 1")).rejects.toThrow("LOADING");
  });

  test("has its own port among several servers that start at once", async () => {
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

  test("stops even if it is frozen", async () => {
    const server = await startRedis();
    server.freeze();
    await server.stop();
    expect(() => process.kill(server.pid, 0)).toThrow("ESRCH");
  });

  test("does not outlive a killed test process", async () => {
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

  test("reports what a failed script wrote to stderr", async (context) => {
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

  test("is refused in the machine's own network", () => {
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
