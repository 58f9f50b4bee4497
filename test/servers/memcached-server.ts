import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { faketimeLibrary, memcachedBinary } from "./memcached-binary.ts";
import { controlsOf, host, launchOnFreePort, startWithinMs, untilReady } from "./server-process.ts";

export interface MemcachedServerOptions {
  /** Added behind the harness's own arguments, so that they win: `["-I", "2m"]`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How it is found out that the server answers. @defaultValue it is asked for its statistics, in text */
  readonly isReady?: (port: number) => Promise<boolean>;
}

/** A real Memcached server, in a process of its own, that can be made to fail in the ways a server fails. */
export interface MemcachedServer extends AsyncDisposable {
  readonly port: number;
  /** What a handler or a client is made with. */
  readonly address: string;
  /** Another one after each restart. */
  readonly pid: number;
  /** How far the server's time is ahead. */
  readonly aheadMs: number;
  /** Sends one command of the text protocol and gives the lines of the answer. */
  command(line: string): Promise<string[]>;
  /** Moves the server's time on. Whole seconds count, and no less, as for Memcached itself. */
  advance(ms: number): Promise<void>;
  /**
   * Stops the process without ending it: connections stay open, new ones are still accepted by the kernel, nothing is
   * answered. Goes on when what it returns is disposed of, at the latest: `using _ = server.freeze()`.
   */
  freeze(): Disposable;
  /** Lets a frozen server go on. */
  thaw(): void;
  /** Ends the process at once. */
  kill(): Promise<void>;
  /** Kills the server if it runs and starts it again on its port, empty. Its time goes on. */
  restart(): Promise<void>;
  /** Ends the server, frozen or not, and removes what it left behind. */
  stop(): Promise<void>;
}

/** Starts a Memcached server on the loopback interface and resolves when it answers. */
export async function startMemcached(options: MemcachedServerOptions = {}): Promise<MemcachedServer> {
  const directory = await mkdtemp(join(tmpdir(), "memcached-"));
  const timeFile = join(directory, "time");
  let aheadMs = 0;
  await setTime();
  const env = { ...process.env, ...options.env, ...timeVariables(timeFile) };
  const first = await launchOnFreePort((port) => launch(port, options, env));
  const { port } = first;
  let { child } = first;
  const controls = controlsOf(() => child);

  /** By another file in its place, so that no half of one is ever read. */
  async function setTime(): Promise<void> {
    await writeFile(`${timeFile}.new`, `+${aheadMs / 1000}`);
    await rename(`${timeFile}.new`, timeFile);
  }

  async function stop(): Promise<void> {
    await controls.kill(); // it has nothing to save, and would take a second to hear of anything gentler
    await rm(directory, { recursive: true, force: true });
  }

  return {
    port,
    address: `${host}:${port}`,
    get pid() {
      return child.pid ?? 0;
    },
    get aheadMs() {
      return aheadMs;
    },
    command: (line) => sendCommand(port, line),
    async advance(ms) {
      const before = await uptimeOf(port);
      aheadMs += ms;
      await setTime();
      // Its clock follows with the next tick, for which it takes whatever makes it look.
      while ((await uptimeOf(port)) < before + Math.floor(ms / 1000)) await sleep(5);
    },
    ...controls,
    async restart() {
      await controls.kill();
      child = await launch(port, options, env);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The file is looked at each time that the server asks for the time. https://github.com/wolfcw/libfaketime */
function timeVariables(file: string): Record<string, string> {
  return { LD_PRELOAD: faketimeLibrary(), FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1" };
}

async function launch(
  port: number,
  { args = [], isReady }: MemcachedServerOptions,
  env: NodeJS.ProcessEnv,
): Promise<ChildProcess> {
  const own = ["-l", host, "-p", String(port), "-U", "0", "-t", "2"];
  if (process.getuid?.() === 0) own.push("-u", "root"); // it refuses to be started by root without being told so
  const child = spawn(memcachedBinary(), [...own, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const isUp = () => (isReady ? isReady(port) : answers(port, child.pid));
  return untilReady(child, `The Memcached server on port ${port}`, isUp);
}

/** Whether this process answers on the port: it could be the server of another test that took it a moment earlier. */
async function answers(port: number, pid: number | undefined): Promise<boolean> {
  const lines = await sendCommand(port, "stats").catch((): string[] => []);
  return lines.includes(`STAT pid ${pid}`);
}

async function uptimeOf(port: number): Promise<number> {
  const lines = await sendCommand(port, "stats");
  return Number(lines.find((line) => line.startsWith("STAT uptime "))?.slice("STAT uptime ".length));
}

/** An answer is one line, or ends with a line that says so. */
async function sendCommand(port: number, line: string): Promise<string[]> {
  const socket = connect({ port, host, timeout: startWithinMs }).setEncoding("latin1");
  socket.on("timeout", () => socket.destroy());
  socket.write(`${line}\r\n`);
  try {
    let reply = "";
    for await (const chunk of socket) {
      reply += chunk;
      if (/^(?!STAT|VALUE|ITEM).*\r\n$|(^|\n)END\r\n$/.test(reply)) return reply.trimEnd().split(/\r?\n/);
    }
    return reply.split(/\r?\n/);
  } finally {
    socket.destroy();
  }
}
