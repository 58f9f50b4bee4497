import { type BenchProcess, startProcess } from "../tools/children.ts";
import type { ClientsJob, ClientsReport, ServerAddress } from "./clients.child.ts";
import type { ServerMemory, SocketVariant } from "./server.child.ts";

/** The names of the rows. */
export const names: { readonly [variant in SocketVariant]: string } = {
  bare: "ws, without a session",
  "by hand": "ws, GET and SET of JSON by hand",
  "express-session": "ws, express-session: reload, change, save",
  sessionwire: "attachSessions",
  "kept by hand": "ws, ping and GET for each every 30 s by hand",
  heartbeat: "attachSessions, its heartbeat alone",
  "re-validation": "attachSessions, its re-validation alone",
};

/** A running server. */
export interface SocketServer extends Omit<BenchProcess<ServerAddress>, "ask"> {
  readonly variant: SocketVariant;
  /** Stores the sessions again, with a count of 0. */
  fill(): Promise<void>;
  /** Returns the sum of the counts in all sessions. */
  total(): Promise<number>;
  /** Returns the number of open sockets. */
  sockets(): Promise<number>;
  memory(): Promise<ServerMemory>;
  /** Collects the garbage of the young generation. */
  collect(): Promise<void>;
  /** Starts to measure the delay of the event loop. */
  watch(): Promise<void>;
  /** Returns the delay of the event loop since then, in milliseconds: the 99th percentile. */
  delay(): Promise<number>;
}

/** The clients of one server at a time. */
export interface SocketClients {
  /** Resolves to the duration in seconds. */
  do(job: ClientsJob): Promise<number>;
  /** Disconnects all sockets, and reconnects them. */
  storm(address: ServerAddress): Promise<ClientsReport>;
  end(): Promise<void>;
}

/** Without a URL of Redis, the sessions are in the memory of the server. */
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
    sockets: () => ask<number>("sockets"),
    memory: () => ask<ServerMemory>("memory"),
    collect: async () => void (await ask("collect")),
    watch: async () => void (await ask("watch")),
    delay: () => ask<number>("delay"),
  };
}

export async function startClients(): Promise<SocketClients> {
  const { ask, end } = await startProcess(new URL("./clients.child.ts", import.meta.url));
  const report = (job: ClientsJob) => ask<ClientsReport>(job);
  return {
    do: async (job) => (await report(job)).seconds,
    storm: (address) => report({ type: "storm", address }),
    end,
  };
}
