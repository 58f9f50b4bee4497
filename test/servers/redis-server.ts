import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import type { Certificate } from "./certificate.ts";
import { redisServerCommand } from "./redis-binary.ts";
import { controlsOf, exitOf, host, launchOnFreePort, startWithinMs, untilReady } from "./server-process.ts";

const stopWithinMs = 2000;

export interface RedisServerOptions {
  /** Added behind the harness's own arguments, so that they win: `["--appendonly", "yes"]`. */
  readonly args?: readonly string[];
  /** The text of a configuration file that the server may rewrite; the arguments win. Needed by a sentinel. */
  readonly configuration?: string;
  /** Lets the server speak TLS too, on the next port. */
  readonly tls?: Certificate | undefined;
  /** @defaultValue a free port */
  readonly port?: number;
  /** The highest port to choose. @defaultValue 31,999 */
  readonly highestPort?: number;
  /**
   * Where the server keeps its files. One that is given stays when the server stops. @defaultValue a fresh temporary
   * directory
   */
  readonly directory?: string;
}

/** A real Redis server, in a process of its own, that can be made to fail in the ways a server fails. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** Where it speaks TLS, if it has a certificate. */
  readonly tlsPort: number;
  /** Where it is reached by other servers, which speak TLS with it if they can. */
  readonly peerPort: number;
  readonly url: string;
  /** Another one after each restart. */
  readonly pid: number;
  readonly directory: string;
  /**
   * Sends one command over a connection of its own and gives its reply; an error reply rejects with the server's
   * message.
   */
  command(name: string, ...args: string[]): Promise<unknown>;
  /** Collects the commands the server executes from now on. */
  monitor(): Promise<RedisMonitor>;
  /**
   * Stops the process without ending it: connections stay open, new ones are still accepted by the kernel, nothing is
   * answered. Goes on when what it returns is disposed of, at the latest: `using _ = server.freeze()`.
   */
  freeze(): Disposable;
  /** Lets a frozen server go on. */
  thaw(): void;
  /** Ends the process without giving it a chance to save anything. */
  kill(): Promise<void>;
  /**
   * Kills the server if it runs and starts it again on its port: with its data if it writes an append-only file, else
   * empty.
   */
  restart(): Promise<void>;
  /** Ends the server in an orderly way, frozen or not, and removes what it left behind. */
  stop(): Promise<void>;
}

/** What a server was told to do. */
export interface RedisMonitor {
  /** The commands of clients so far, without those that scripts run. Grows while the monitor runs. */
  readonly commands: string[][];
  /** Resolves when every command that was executed before this call stands in `commands`. */
  caughtUp(): Promise<void>;
  stop(): void;
}

/**
 * Starts a Redis server on the loopback interface and resolves when it answers, be it with the error that it is still
 * loading.
 */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "redis-")));
  const args = [...(await writeConfiguration(directory, options.configuration)), ...ownArguments(directory)];
  args.push(...(options.args ?? []));
  const launch = (port: number) => launchWith([...args, ...tlsArguments(options.tls, port)], port);
  const first = await start(launch, options).catch(async (error: unknown) => {
    await removeDirectory();
    throw error;
  });
  const { port } = first;
  let { child } = first;
  const controls = controlsOf(() => child);

  async function removeDirectory(): Promise<void> {
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  }

  async function stop(): Promise<void> {
    controls.thaw();
    child.kill("SIGTERM");
    const impatience = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
    await exitOf(child);
    clearTimeout(impatience);
    await removeDirectory();
  }

  return {
    port,
    tlsPort: tlsPortOf(port),
    peerPort: options.tls ? tlsPortOf(port) : port,
    url: `redis://${host}:${port}`,
    directory,
    get pid() {
      return child.pid ?? 0;
    },
    command: (name, ...rest) => sendCommand(port, name, rest),
    monitor: () => startMonitor(port),
    ...controls,
    async restart() {
      await controls.kill();
      child = await launch(port);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** What the server is to be called with first, if there is a file. */
async function writeConfiguration(directory: string, text: string | undefined): Promise<string[]> {
  if (text === undefined) return [];
  const file = join(directory, "redis.conf");
  await writeFile(file, text);
  return [file];
}

function ownArguments(directory: string): string[] {
  return ["--save", "", "--appendonly", "no", "--daemonize", "no", "--bind", host, "--dir", directory];
}

function tlsArguments(tls: Certificate | undefined, port: number): string[] {
  if (tls === undefined) return [];
  const files = ["--tls-cert-file", tls.certFile, "--tls-key-file", tls.keyFile, "--tls-ca-cert-file", tls.certFile];
  return ["--tls-port", String(tlsPortOf(port)), ...files, "--tls-auth-clients", "no"];
}

function tlsPortOf(port: number): number {
  return port + 1;
}

async function start(
  launch: (port: number) => Promise<ChildProcess>,
  { port, highestPort }: RedisServerOptions,
): Promise<{ child: ChildProcess; port: number }> {
  if (port === undefined) return launchOnFreePort(launch, highestPort);
  return { child: await launch(port), port };
}

async function launchWith(args: readonly string[], port: number): Promise<ChildProcess> {
  const { command, argv0 } = redisServerCommand();
  const child = spawn(command, [...args, "--port", String(port)], { argv0, stdio: ["ignore", "pipe", "pipe"] });
  return untilReady(child, `The Redis server on port ${port}`, () => answers(port, child.pid));
}

/**
 * Whether the process answers on the port. `INFO` rather than `PING`, since it tells who answers: it could be the
 * server of another test that took the port a moment earlier. An error reply (loading, no password) is an answer too.
 */
async function answers(port: number, pid: number | undefined): Promise<boolean> {
  const socket = connect({ port, host, timeout: startWithinMs }).setEncoding("latin1");
  socket.on("timeout", () => socket.destroy());
  socket.write("INFO server\r\n");
  try {
    let reply = "";
    for await (const chunk of socket) {
      reply += chunk;
      if (reply.startsWith("-")) return true;
      const answering = /process_id:(\d+)\r/.exec(reply)?.[1];
      if (answering !== undefined) return answering === String(pid);
    }
    return false;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function sendCommand(port: number, name: string, args: readonly string[]): Promise<unknown> {
  const client = new Redis({
    host,
    port,
    // Nothing but the one command, so that a monitor sees nothing else, and nothing twice.
    lazyConnect: true,
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The call rejects too; without a listener ioredis prints the error.
  client.on("error", () => {});
  try {
    // ioredis reshapes the replies of commands it knows, by their names in lower case.
    return await client.call(name.toUpperCase(), ...args);
  } finally {
    client.disconnect();
  }
}

async function startMonitor(port: number): Promise<RedisMonitor> {
  const commands: string[][] = [];
  const awaited = new Map<string, () => void>();
  const socket = connect({ port, host }).setEncoding("latin1");
  const started = once(socket, "data");
  socket.on("error", () => {});
  createInterface(socket).on("line", (line) => {
    const command = parseMonitorLine(line);
    const caughtUp = awaited.get(command?.[1] ?? "");
    if (caughtUp !== undefined) caughtUp();
    else if (command !== undefined) commands.push(command);
  });
  socket.write("MONITOR\r\n");
  await started;

  return {
    commands,
    async caughtUp() {
      const mark = randomUUID();
      const seen = new Promise<void>((resolve) => awaited.set(mark, resolve));
      await sendCommand(port, "ECHO", [mark]);
      await seen;
    },
    stop() {
      socket.destroy();
    },
  };
}

/**
 * Reads `+1700000000.123456 [0 127.0.0.1:36130] "SET" "key" "\xc3\xa9"`; where a script runs the command, `lua` is the
 * address.
 */
function parseMonitorLine(line: string): string[] | undefined {
  const [, address, words = ""] = /^\+[\d.]+ \[\d+ (\S+)\] (".*)$/.exec(line) ?? [];
  if (address === undefined || address === "lua") return undefined;
  return Array.from(words.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, word = ""]) => unescapeWord(word));
}

function unescapeWord(word: string): string {
  const named: Record<string, string> = { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b" };
  const bytes = word.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_match, hex?: string, letter = "") =>
    hex === undefined ? (named[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString();
}
