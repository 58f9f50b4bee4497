import { createSessionManager, type Session, type SessionManager } from "sessionwire";
import { createRedisChannel, createRedisHandler } from "sessionwire/redis";
import { expect, test } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { type Process, startProcess } from "../processes/processes.ts";
import { openScene } from "../redis/scene.ts";
import { type Client, connectClient } from "./client.ts";

const { server } = await openScene();
type Counts = Record<string, number>;

interface SocketProcess extends Process {
  connect(sessions: SessionManager<Counts>, session: Session<Counts>): Promise<Client>;
}

async function startSockets(url: string, env: Record<string, string> = {}): Promise<SocketProcess> {
  const running = startProcess(new URL("./sockets.child.ts", import.meta.url), { REDIS_URL: url, ...env });
  const port = await running.next<number>();
  return {
    ...running,
    async connect(sessions, session) {
      const header = await sessions.cookie.serialize(session);
      return connectClient(`ws://127.0.0.1:${port}`, { cookie: header.slice(0, header.indexOf(";")) });
    },
  };
}

async function createIn(sessions: SessionManager<Counts>): Promise<Session<Counts>> {
  const session = await sessions.create();
  session.set("page", 0);
  await session.save();
  return session;
}

test("a session that ends in one process closes its sockets in the others", async () => {
  await using sessions = createSessionManager<Counts>({ handler: createRedisHandler(server.url) });
  using first = await startSockets(server.url);
  using second = await startSockets(server.url);
  const [session, other] = [await createIn(sessions), await createIn(sessions)];
  const clients = [await first.connect(sessions, session), await second.connect(sessions, session)];
  const stranger = await second.connect(sessions, other);
  await session.destroy();
  for (const { closed } of clients) expect((await closed).code).toBe(1008);
  expect(stranger.isOpen).toBe(true);
});

test("over a channel, a session that ends or moves in one process closes its sockets in the others", async () => {
  await using sessions = createSessionManager<Counts>({
    handler: createRedisHandler(server.url),
    channel: createRedisChannel(server.url),
  });
  using first = await startSockets(server.url, { WITH_CHANNEL: "1" });
  using second = await startSockets(server.url, { WITH_CHANNEL: "1" });
  const [ending, moving, other] = [await createIn(sessions), await createIn(sessions), await createIn(sessions)];
  const ended = [await first.connect(sessions, ending), await second.connect(sessions, ending)];
  const moved = [await first.connect(sessions, moving), await second.connect(sessions, moving)];
  const stranger = await second.connect(sessions, other);
  await ending.destroy();
  await moving.regenerate();
  for (const { closed } of ended) expect((await closed).code).toBe(1008);
  for (const { closed } of moved) expect((await closed).code).toBe(4301);
  expect(stranger.isOpen).toBe(true);
  expect((await first.connect(sessions, moving)).isOpen).toBe(true);
});

test("concurrent changes of a session by sockets in two processes and a page lose nothing", async () => {
  await using sessions = createSessionManager<Counts>({ handler: createRedisHandler(server.url) });
  using first = await startSockets(server.url);
  using second = await startSockets(server.url);
  const session = await createIn(sessions);
  const clients = [
    await first.connect(sessions, session),
    await first.connect(sessions, session),
    await second.connect(sessions, session),
  ];
  const times = 200;
  const page = async () => {
    for (let count = 0; count < times; count += 1) {
      await sessions.update(session.id, (draft) => draft.update("page", (n = 0) => n + 1));
    }
  };
  for (const client of clients) for (let count = 0; count < times; count += 1) client.send("socket");
  await page();
  for (const client of clients) await expect.poll(() => client.messages.length, { timeout: 20_000 }).toBe(times);
  const stored = await sessions.open(session.id);
  expect([stored?.get("page"), stored?.get("socket")]).toEqual([times, times * clients.length]);
});

test("sockets survive a silently dropped connection to the store", async () => {
  await using proxy = await startProxy(server);
  await using sessions = createSessionManager<Counts>({ handler: createRedisHandler(server.url) });
  using sockets = await startSockets(proxy.url);
  const session = await createIn(sessions);
  const client = await sockets.connect(sessions, session);
  client.send("socket");
  await expect.poll(() => client.messages).toEqual(["done"]);
  proxy.silence();
  client.send("socket"); // too early for a check: it runs into the deadline of the store
  await expect.poll(() => client.messages[1], { timeout: 20_000 }).toBe("timeout");
  client.send("socket");
  await expect.poll(() => client.messages[2], { timeout: 20_000 }).toBe("done");
  expect(client.isOpen).toBe(true);
});
