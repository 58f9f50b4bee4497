import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The chat of the examples, in a process of its own. */
export interface ChatProcess extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** What it has written to its standard error. */
  readonly errors: string;
  /** Ends it as an operator does; resolves with its exit code. */
  end(): Promise<number | null>;
  /** Ends it as a power failure does. */
  kill(): Promise<void>;
}

/** Starts it as `npm start` does, on a free port unless the environment names one. Resolves when it listens. */
export async function startChat(environment: Record<string, string>): Promise<ChatProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", "examples/chat/main.ts"], {
    cwd: root,
    env: { ...process.env, SESSION_STORE: "memory:", PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const url = await urlOf(child).catch((cause: unknown) => {
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

async function urlOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("It has no output.");
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\S+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("It has ended.");
}
