import { createSessionManager, expressFormat, type SessionManager } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { type Process, startProcess } from "../../processes/processes.ts";
import type { RedisServer } from "../../servers/redis-server.ts";
import type { InLine, Progress } from "./turns.child.ts";
import { type Counts, present } from "./writers.ts";

interface Writer extends Process {
  /** What it told when it joined the line. */
  inLine: InLine | undefined;
  /** Resolves at its end; `undefined`: it was killed. */
  readonly progress: Promise<Progress | undefined>;
}

/** Processes that change one session at the same time, each an attribute of its own, and the store that says what came of it. */
export interface Line extends AsyncDisposable {
  readonly sessions: SessionManager<Counts>;
  readonly key: string;
  readonly id: string;
  readonly writers: readonly Writer[];
  /** What is stored, by the name of the process. */
  counts(): Promise<Counts>;
  /** Resolves to the process that stands first. */
  first(): Promise<InLine>;
}

export const names: readonly string[] = ["first", "second", "third", "fourth"];

/** Starts four processes of 16 callers each, which reach the store by `url`. */
export async function startLine(server: RedisServer, url: string, ms: number): Promise<Line> {
  const sessions = createSessionManager<Counts>({ handler: createRedisHandler(server.url), format: expressFormat() });
  const session = await sessions.create();
  session.set("foreign", 0);
  await session.save();
  const { id } = session;
  const key = `sess:${id}`;
  const env = { REDIS_URL: url, SESSION_ID: id, CALLERS: "16", MS: `${ms}` };
  const writers = await Promise.all(names.map((name) => startWriter({ ...env, PROCESS_NAME: name })));
  for (const writer of writers) writer.send("begin");
  return {
    sessions,
    key,
    id,
    writers,
    async counts() {
      const now = await present(sessions.open(id));
      return Object.fromEntries(now.names().map((name) => [name, Number(now.get(name))]));
    },
    async first() {
      for (;;) {
        const roster = JSON.parse(String((await server.command("get", `turn:${key}`)) ?? '{"turns":[]}'));
        const writer = writers.find(({ inLine }) => inLine?.name === roster.turns[0]);
        if (writer?.inLine && roster.turns.length > 1) return writer.inLine;
      }
    },
    async [Symbol.asyncDispose]() {
      for (const writer of writers) writer[Symbol.dispose]();
      await sessions.close();
    },
  };
}

async function startWriter(env: Record<string, string>): Promise<Writer> {
  const process = startProcess(new URL("./turns.child.ts", import.meta.url), env);
  await process.next();
  const writer: Writer = { ...process, inLine: undefined, progress: report() };
  return writer;

  async function report(): Promise<Progress | undefined> {
    for (;;) {
      const message = await process.next<Progress | InLine>().catch(() => undefined);
      if (message === undefined || "updates" in message) return message;
      writer.inLine = message;
    }
  }
}
