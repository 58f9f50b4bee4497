import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createSessionManager, expressFormat, isSessionError, nativeFormat, withConnectionCheck } from "sessionwire";
import { createRedisChannel, createRedisHandler, createRedisKeyspaceChannel } from "sessionwire/redis";
import { attachSessions } from "sessionwire/ws";
import { WebSocketServer } from "ws";
import { cookieOf, secret } from "../../express/express-site.ts";
import { allowedOrigins } from "../stage.ts";
import { checks, LOOK_TIMEOUT_MS } from "./bound.ts";
import type { Answer, CreatedSession, EndingSession, Question } from "./questions.ts";

// One of the processes whose sessions end: lets sockets in, and does what it is asked to. A session that could not be ended is tried
// again, as by its user.

const { STORE_URL = "", CHANNEL_URL = "", KEYSPACE_URL = "", FORMAT, REVALIDATE_SECONDS = "3600" } = process.env;
let gaps = 0;
let failures = 0;
let lookFailures = 0;
const channels = [
  ...(CHANNEL_URL === "" ? [] : [createRedisChannel(CHANNEL_URL, checks)]),
  ...(KEYSPACE_URL === "" ? [] : [createRedisKeyspaceChannel(KEYSPACE_URL, { ...checks, keysBeginWith: "sess:" })]),
];
const sessions = createSessionManager<{ user: string }>({
  handler: withConnectionCheck(createRedisHandler(STORE_URL, { timeoutMs: LOOK_TIMEOUT_MS }), checks),
  format: FORMAT === "express" ? expressFormat() : nativeFormat(),
  channel: channels,
  users: { idOf: (session) => session.get("user") },
});
const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const sockets = attachSessions(server, new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 }), {
  sessions,
  allowedOrigins,
  ...(FORMAT === "express" && { cookie: { secrets: [secret] } }),
  revalidateEverySeconds: Number(REVALIDATE_SECONDS),
  maxStalenessSeconds: 7200,
  onEvent({ type }) {
    if (type === "failed") lookFailures += 1;
  },
});
sessions.subscribe(({ type }) => {
  if (type === "gap") gaps += 1;
});

const answers = {
  create: ({ count }: Extract<Question, { type: "create" }>) => Promise.all(Array.from({ length: count }, create)),
  end: ({ sessions: ending }: Extract<Question, { type: "end" }>) => Promise.all(ending.map(endAtLast)),
  state: () => ({ gaps, failures, lookFailures, sockets: sockets.size }),
};

process.on("message", async (text: string) => {
  const { number, ...question } = JSON.parse(text) as Question & { readonly number: number };
  const answer: (question: never) => unknown = answers[question.type];
  process.send?.({ number, answer: await answer(question as never) } satisfies Answer);
});
process.send?.((server.address() as AddressInfo).port); // a TCP server that listens has one

async function create(_: unknown, place: number): Promise<CreatedSession> {
  const user = `${process.pid}-${place}-${performance.now()}`;
  const session = await sessions.create();
  session.set("user", user);
  await session.save();
  const header = FORMAT === "express" ? cookieOf(session.id) : await sessions.cookie.serialize(session);
  return { id: session.id, user, cookie: header.split(";")[0] ?? "" };
}

async function endAtLast(ending: EndingSession): Promise<void> {
  for (;;) {
    try {
      return await end(ending);
    } catch (error) {
      if (!isSessionError(error)) throw error;
      if (error.code === "gone") return;
      failures += 1;
      await sleep(50);
    }
  }
}

async function end({ kind, id, user }: EndingSession): Promise<void> {
  if (kind === "destroy") return sessions.destroy(id);
  if (kind === "endAll") return sessions.ofUser(user).endAll();
  await (await sessions.open(id, { keepAlive: false }))?.regenerate();
}
