import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSessionManager } from "sessionwire";
import { createRedisChannel, createRedisHandler } from "sessionwire/redis";
import { attachSessions } from "sessionwire/ws";
import { WebSocketServer } from "ws";
import { serveQuestions } from "../tools/children.ts";

// One of the processes of bench/endings.ts: it accepts sockets, and ends sessions.

/** The ways in which a session ends. */
export type Ending = "destroy" | "endAll" | "regenerate";

export interface ServerGreeting {
  readonly port: number;
  readonly origin: string;
}

/** A session that can be signed in with. */
export interface BenchSession {
  readonly id: string;
  readonly user: string;
  readonly cookie: string;
}

export type ServerJob =
  | { readonly type: "create"; readonly sessions: number }
  /** The request to end sessions. The answer contains the start of each ending, in milliseconds since 1970. */
  | { readonly type: "end"; readonly ending: Ending; readonly sessions: readonly BenchSession[] }
  | { readonly type: "count" };

interface Attributes {
  readonly userId: string;
}

const AT_A_TIME = 50;
const url = process.env.REDIS_URL ?? "";
const origin = "http://bench.example";
const sessions = createSessionManager<Attributes>({
  handler: createRedisHandler(url),
  channel: process.env.CHANNEL === "redis" ? createRedisChannel(url) : undefined,
  users: { idOf: (session) => session.get("userId") },
  cookie: { name: "session", secure: false },
});
const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo; // a listening TCP server has one
const sockets = attachSessions(server, new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 }), {
  sessions,
  allowedOrigins: [origin],
});
let created = 0;

serveQuestions({ port, origin } satisfies ServerGreeting, async (job: ServerJob) => {
  if (job.type === "count") return sockets.size;
  if (job.type === "create") return Promise.all(Array.from({ length: job.sessions }, create));
  const startedAt: number[] = [];
  await inOrder(job.sessions, async (session, place) => {
    startedAt[place] = Date.now();
    await end(job.ending, session);
  });
  return startedAt;
});

async function create(): Promise<BenchSession> {
  created += 1;
  const user = `${process.pid}-${created}`;
  const session = await sessions.create();
  session.set("userId", user);
  await session.save();
  const cookie = await sessions.cookie.serialize(session);
  return { id: session.id, user, cookie: cookie.slice(0, cookie.indexOf(";")) };
}

async function end(ending: Ending, { id, user }: BenchSession): Promise<void> {
  if (ending === "destroy") return sessions.destroy(id);
  if (ending === "endAll") return void (await sessions.ofUser(user).endAll());
  await (await sessions.open(id))?.regenerate();
}

/** Starts an action for each, in order, a limited number at a time. */
async function inOrder<Item>(items: readonly Item[], act: (item: Item, place: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let place = next++; place < items.length; place = next++) await act(items[place] as Item, place); // the index is below the length
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}
