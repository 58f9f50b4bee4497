import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export const host = "127.0.0.1";
export const startWithinMs = 20_000;

/** Starts a server on ports that are free, until one of them was not taken by another test a moment earlier. */
export async function launchOnFreePort(
  launch: (port: number) => Promise<ChildProcess>,
  highestPort = 31_999,
): Promise<{ child: ChildProcess; port: number }> {
  for (;;) {
    const port = await findFreePort(highestPort);
    try {
      return { child: await launch(port), port };
    } catch (error) {
      if (!/address already in use|failed (to listen|listening)/i.test(String(error))) throw error;
    }
  }
}

/**
 * Below the ports that systems give to outgoing connections: while a server is down, one of those could get its port,
 * and a client that tries again and again could even get connected to itself.
 */
async function findFreePort(highest: number): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, highest + 1);
    const probe = createServer().listen(port, host);
    const isFree = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    probe.close();
    if (isFree) return port;
  }
}

/** Resolves when the server answers; else it is ended, and what it has said last is in the error. */
export async function untilReady(
  child: ChildProcess,
  name: string,
  isReady: () => Promise<boolean>,
): Promise<ChildProcess> {
  let log = "";
  let isClosed = false;
  const keepEndOfLog = (text: unknown) => {
    log = `${log}${text}`.slice(-4000);
  };
  child.stdout?.on("data", keepEndOfLog);
  child.stderr?.on("data", keepEndOfLog);
  child.on("error", keepEndOfLog);
  child.on("close", () => {
    isClosed = true;
  });
  killWithThisProcess(child);

  const deadline = Date.now() + startWithinMs;
  while (!isClosed && Date.now() < deadline) {
    if (await isReady()) return child;
    await sleep(10);
  }
  child.kill("SIGKILL");
  throw new Error(`${name} did not start:\n${log}`);
}

/**
 * Lets a shell kill the server when this process is gone, which it learns from the end of its standard input. An `exit`
 * listener would not do: Vitest ends its workers by a signal, and then none is called.
 */
function killWithThisProcess(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const script = 'trap "" INT TERM HUP; read -r _; kill -9 "$0"';
  const guard = spawn("sh", ["-c", script, String(child.pid)], { stdio: ["pipe", "ignore", "ignore"] });
  child.on("exit", () => guard.kill("SIGKILL"));
}

/** How to make a server fail that runs in the current one of its processes. */
export function controlsOf(current: () => ChildProcess) {
  function thaw(): void {
    current().kill("SIGCONT");
  }
  return {
    freeze(): Disposable {
      current().kill("SIGSTOP");
      return { [Symbol.dispose]: thaw };
    },
    thaw,
    async kill(): Promise<void> {
      current().kill("SIGKILL");
      await exitOf(current());
    },
  };
}

export async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
