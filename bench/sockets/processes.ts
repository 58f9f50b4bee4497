import { type BenchProcess, startProcess } from "../tools/children.ts";
import type { ClientsJob, ServerAddress } from "./clients.child.ts";
import type { ServerReport, SocketVariant } from "./server.child.ts";

/** The names of the rows. */
export const names: { readonly [variant in SocketVariant]: string } = {
  bare: "ws, without a session",
  "by hand": "ws, GET and SET of JSON by hand",
  "express-session": "ws, express-session: reload, change, save",
  sessionwire: "attachSessions",
};

/** A server that runs. */
export interface SocketServer extends Omit<BenchProcess<ServerAddress>, "ask"> {
  readonly variant: SocketVariant;
  /** Stores the sessions anew, with a count of 0. */
  fill(): Promise<void>;
  /** The sum of the counts in all sessions. */
  total(): Promise<number>;
  report(): Promise<ServerReport>;
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
  const env = { VARIANT: variant, SESSIONS: String(sessions), ...url };
  const { ask, ...server } = await startProcess<ServerAddress>(new URL("./server.child.ts", import.meta.url), env);
  return {
    ...server,
    variant,
    fill: async () => void (await ask("fill")),
    total: () => ask<number>("total"),
    report: () => ask<ServerReport>("report"),
  };
}

export async function startClients(): Promise<SocketClients> {
  const { ask, end } = await startProcess(new URL("./clients.child.ts", import.meta.url));
  return { do: (job) => ask<number>(job), end };
}
