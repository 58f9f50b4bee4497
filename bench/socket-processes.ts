import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { ClientsJob, ServerAddress } from "./socket-clients.child.ts";
import type { ServerReport, SocketVariant } from "./socket-server.child.ts";

/** The names of the rows. */
export const names: { readonly [variant in SocketVariant]: string } = {
  bare: "ws, without a session",
  "by hand": "ws, GET and SET of JSON by hand",
  "express-session": "ws, express-session: reload, change, save",
  sessionwire: "attachSessions",
};

/** A server that runs. */
export interface SocketServer {
  readonly variant: SocketVariant;
  readonly address: ServerAddress;
  /** Stores the sessions anew, with a count of 0. */
  fill(): Promise<void>;
  /** The sum of the counts in all sessions. */
  total(): Promise<number>;
  report(): Promise<ServerReport>;
  /** The processor time that it has taken since it began, in microseconds. */
  cpu(): Promise<number>;
  end(): Promise<void>;
}

/** The clients of one server at a time. */
export interface SocketClients {
  /** Resolves with the seconds that it took. */
  do(job: ClientsJob): Promise<number>;
  end(): Promise<void>;
}

/** Without a URL of Redis the sessions are in the memory of the server. */
export async function startServer(
  variant: SocketVariant,
  sessions: number,
  redisUrl: string | undefined,
): Promise<SocketServer> {
  const url = redisUrl === undefined ? {} : { REDIS_URL: redisUrl };
  const child = start("./socket-server.child.ts", { VARIANT: variant, SESSIONS: String(sessions), ...url });
  const [address] = await once(child, "message");
  return {
    variant,
    address,
    fill: async () => void (await ask(child, "fill")),
    total: () => ask<number>(child, "total"),
    report: () => ask<ServerReport>(child, "report"),
    cpu: () => ask<number>(child, "cpu"),
    end: () => end(child),
  };
}

export async function startClients(): Promise<SocketClients> {
  const child = start("./socket-clients.child.ts", {});
  await once(child, "message");
  return { do: (job) => ask<number>(child, job), end: () => end(child) };
}

/** One that ends before it is told to has not done its work: then the bench ends with an error, and shows no figures. */
function start(path: string, env: Record<string, string>): ChildProcess {
  const child = fork(new URL(path, import.meta.url), {
    execArgv: ["--import", "tsx", "--expose-gc"],
    env: { ...process.env, ...env },
  });
  child.on("exit", (code, signal) => {
    if (code !== 0) throw new Error(`A process of the bench has ended with ${code ?? signal}.`);
  });
  return child;
}

async function ask<Answer>(child: ChildProcess, question: ClientsJob | string): Promise<Answer> {
  const answered = once(child, "message");
  child.send(question);
  const [answer] = await answered;
  return answer;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.send("end");
  await ended;
}
