import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A chat of the examples, in a process of its own. */
export interface ChatProcess extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly output: string;
  /** What it has written to its standard error. */
  readonly errors: string;
  /** Ends it as an operator does; resolves with its exit code. */
  end(): Promise<number | null>;
  /** Ends it as a power failure does. */
  kill(): Promise<void>;
}

/** Starts it as `npm start` does, on a free port unless the environment names one. Resolves when it listens. */
export async function startChat(
  environment: Record<string, string>,
  args: readonly string[] = [],
  program = "examples/chat/main.ts",
): Promise<ChatProcess> {
  const child = spawnChat(environment, [program, ...args]);
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const url = await urlOf(child.stdout).catch((cause: unknown) => {
    throw new Error(`The chat has not started: ${errors}`, { cause });
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, "exit");
    child.kill(signal);
    const [exitCode] = await ended;
    return exitCode;
  };
  return {
    url,
    port: Number(new URL(url).port),
    get output() {
      return output;
    },
    get errors() {
      return errors;
    },
    end: () => end("SIGTERM"),
    kill: async () => void (await end("SIGKILL")),
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
    },
  };
}

/** How it ends when it cannot start. */
export async function failToStartChat(
  environment: Record<string, string>,
  args: readonly string[] = [],
  program = "examples/chat/main.ts",
): Promise<{ exitCode: number; errors: string }> {
  const child = spawnChat(environment, [program, ...args]);
  child.stdout.resume();
  const [[exitCode], errors] = await Promise.all([once(child, "exit"), text(child.stderr)]);
  return { exitCode, errors };
}

function spawnChat(
  environment: Record<string, string>,
  args: readonly string[],
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, ["--import", "tsx", ...args], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "development", SESSION_STORE: "memory:", PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function urlOf(output: Readable): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [url] = /http:\S+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("It has ended.");
}
