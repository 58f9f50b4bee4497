import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Mistake } from "../explain.ts";

const host = "127.0.0.1";
const startWithinMs = 10_000;

/** A server in a process of its own. */
export interface Program extends AsyncDisposable {
  /** Rejects when the process ends. */
  readonly failed: Promise<never>;
}

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The port on which the program will listen. */
  readonly port: number;
  /** The lines on standard error that say nothing but that all is well. */
  readonly noise?: RegExp;
}

/** Starts a server, and resolves when it accepts connections. It ends with this process. */
export async function startProgram({ command, args, environment, port, noise }: ProgramOptions): Promise<Program> {
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // Ctrl-C reaches this process alone, which ends the other ones in order
  });
  createInterface(child.stderr).on("line", (line) => noise?.test(line) || console.error(line));
  const end = () => void child.kill("SIGTERM");
  process.on("exit", end);
  const failed = failureOf(child, command);
  failed.catch(() => {}); // it counts where somebody waits for it
  await Promise.race([untilOpen(port), failed]);
  return {
    failed,
    async [Symbol.asyncDispose]() {
      process.off("exit", end);
      end();
      await failed.catch(() => {});
    },
  };
}

/** Returns the port if nothing listens on it at the moment, else one that is free. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  try {
    await once(probe.listen(wanted, host), "listening");
  } catch {
    return freePort(0);
  }
  const { port } = probe.address() as AddressInfo; // the address of a listening TCP server is of this type
  await once(probe.close(), "close");
  return port;
}

async function failureOf(child: ChildProcess, command: string): Promise<never> {
  await once(child, "exit"); // rejects if there is an error instead
  throw new Mistake(`${command} has ended.`);
}

async function untilOpen(port: number): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  while (!(await isOpen(port))) {
    if (performance.now() > deadline) throw new Mistake(`Nothing listens on port ${port} after ${startWithinMs} ms.`);
    await sleep(50);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
