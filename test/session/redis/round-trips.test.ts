import { createSessionManager, expressFormat, type SessionManager, systemClock } from "sessionwire";
import { createExpressStore, type ExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openScene } from "../../redis/scene.ts";

const { server } = await openScene();

interface Counts {
  readonly n?: number;
  readonly other?: number;
}

let sessions: SessionManager<Counts>;
/** On a connection of its own: somebody else. */
let others: SessionManager<Counts>;

afterEach(async () => {
  await Promise.all([sessions.close(), others.close()]);
});

describe("in the native format", () => {
  beforeEach(async () => {
    sessions = await connected(createSessionManager({ handler: createRedisHandler(server.url) }));
    others = await connected(createSessionManager({ handler: createRedisHandler(server.url) }));
  });

  test("opening a session is one command, which restarts its time to live", async () => {
    const { id, key } = await stored();
    await server.command("expire", key, "100");
    expect(await commandsOf(() => sessions.open(id))).toEqual([["getex", key, "EX", "1800"]]);
    expect(await server.command("ttl", key)).toBeGreaterThan(1700);
  });

  test("opening an absent one is one command, and an invalid id is none", async () => {
    const { id } = await sessions.create();
    expect(await namesOf(() => sessions.open(id))).toEqual(["getex"]);
    expect(await namesOf(() => sessions.open("../../etc/passwd"))).toEqual([]);
    expect(await namesOf(() => sessions.destroy("forged"))).toEqual([]);
  });

  test("reading without keeping it alive is one plain command", async () => {
    const { id, key } = await stored();
    await server.command("expire", key, "100");
    expect(await namesOf(() => sessions.open(id, { keepAlive: false }))).toEqual(["get"]);
    expect(await server.command("ttl", key)).toBeLessThanOrEqual(100);
  });

  test("creating a session sends nothing until something is set and saved, which is one command", async () => {
    const session = await sessions.create();
    expect(await namesOf(() => session.save())).toEqual([]);
    session.set("n", 1);
    expect(await namesOf(() => session.save())).toEqual(["set"]);
  });

  test("saving without a change sends nothing, saving a change is one command, and saving it again nothing (law 82)", async () => {
    const { id } = await stored();
    const session = await opened(id);
    session.get("n");
    expect(await namesOf(() => session.save())).toEqual([]);
    session.set("n", 2);
    session.update("other", (other = 0) => other + 1);
    expect(await namesOf(() => session.save())).toEqual(["script"]);
    expect(await namesOf(() => session.save())).toEqual([]);
  });

  test("a conflict costs one more command, and none to read", async () => {
    const { id } = await stored();
    const session = await opened(id);
    await others.update(id, (draft) => draft.set("other", 7));
    session.update("n", (n = 0) => n + 1);
    expect(await namesOf(() => session.save())).toEqual(["script", "script"]);
    expect([session.get("n"), session.get("other")]).toEqual([2, 7]);
  });

  test("an update is a read and a write; one that follows within a second needs no read", async () => {
    const { id } = await stored();
    const update = () => sessions.update(id, increment);
    expect(await namesOf(update)).toEqual(["get", "script"]);
    expect(await namesOf(() => update().then(update))).toEqual(["script", "script"]);
    await others.update(id, increment);
    expect(await namesOf(update)).toEqual(["script", "script"]);
    expect((await opened(id)).get("n")).toBe(6);
  });

  test("64 concurrent updates of one session are a read and a write, and 300 that follow are two writes", async () => {
    const { id } = await stored();
    const many = (times: number) => () =>
      Promise.all(Array.from({ length: times }, () => sessions.update(id, increment)));
    expect(await namesOf(many(64))).toEqual(["get", "script"]);
    expect(await namesOf(many(300))).toEqual(["script", "script"]);
    expect((await opened(id)).get("n")).toBe(1 + 64 + 300);
  });

  test("64 concurrent saves of sessions with one id share eight writes, as each leaves a token", async () => {
    const { id } = await stored();
    const holders = await Promise.all(Array.from({ length: 64 }, () => opened(id)));
    for (const holder of holders) holder.update("n", (n = 0) => n + 1);
    const names = await namesOf(() => Promise.all(holders.map((holder) => holder.save())));
    expect(names).toEqual(Array.from({ length: 8 }, () => "script"));
    expect((await opened(id)).get("n")).toBe(65);
  });

  test.each([
    ["", undefined],
    [" with a grace period", { graceSeconds: 5 }],
  ])("regenerating%s copies and ends, unsaved changes included: two commands", async (_, options) => {
    const { id } = await stored();
    const session = await opened(id);
    session.set("n", 2);
    expect(await namesOf(() => session.regenerate(options))).toEqual(["set", "script"]);
    expect(await namesOf(() => session.save())).toEqual([]);
    expect((await opened(session.id)).get("n")).toBe(2);
  });

  test("an id in its grace period is opened by two reads, and one command that keeps its end unchanged", async () => {
    const { id } = await stored();
    const session = await opened(id);
    await session.regenerate({ graceSeconds: 5 });
    expect(await namesOf(() => sessions.open(id))).toEqual(["getex", "expire", "getex"]);
  });

  test("destroying a session is a read, as its id may lead elsewhere, and one command that ends the session read", async () => {
    const session = await opened((await stored()).id);
    expect(await namesOf(() => session.destroy())).toEqual(["get", "script"]);
    expect(await namesOf(() => session.destroy())).toEqual([]);
    const { id } = await stored();
    expect(await namesOf(() => sessions.destroy(id))).toEqual(["get", "script"]);
    expect(await namesOf(() => sessions.destroy(id))).toEqual(["get", "del"]);
  });
});

describe("in the format of express-session", () => {
  let elapsedMs: number;

  beforeEach(async () => {
    elapsedMs = 0;
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + elapsedMs };
    const format = expressFormat();
    sessions = await connected(createSessionManager({ handler: createRedisHandler(server.url), format, clock }));
    others = await connected(createSessionManager({ handler: createRedisHandler(server.url), format }));
  });

  test("opening a session is a read, and at most once a minute a second command to keep it alive", async () => {
    const { id, key } = await stored();
    await server.command("expire", key, "100");
    expect(await commandsOf(() => sessions.open(id))).toEqual([
      ["get", key],
      ["getex", key, "EX", "86400"],
    ]);
    elapsedMs = 59_000;
    expect(await namesOf(() => sessions.open(id))).toEqual(["get"]);
    elapsedMs = 61_000;
    expect(await namesOf(() => sessions.open(id))).toEqual(["get", "getex"]);
    elapsedMs = 1e9;
    expect(await namesOf(() => sessions.open(id, { keepAlive: false }))).toEqual(["get"]);
  });

  test("saving, updating and ending a session cost the same as in the native format, ending by id less", async () => {
    const { id } = await stored();
    const session = await opened(id);
    expect(await namesOf(() => session.save())).toEqual([]);
    session.set("n", 2);
    expect(await namesOf(() => session.save())).toEqual(["script"]);
    await others.update(id, (draft) => draft.set("other", 7));
    session.set("n", 3);
    expect(await namesOf(() => session.save())).toEqual(["script", "script"]);
    expect(await namesOf(() => sessions.update(id, increment))).toEqual(["script"]);
    const updates = () => Promise.all(Array.from({ length: 64 }, () => sessions.update(id, increment)));
    expect(await namesOf(updates)).toEqual(["script"]);
    const { id: another } = await stored();
    expect(await namesOf(() => sessions.update(another, increment))).toEqual(["get", "script"]);
    expect(await namesOf(() => session.refresh().then(() => session.regenerate()))).toEqual(["get", "set", "script"]);
    expect(await namesOf(() => sessions.destroy(session.id))).toEqual(["del"]);
  });

  test("a request that changes nothing is one read; one that changes the session is a read and a write", async () => {
    const store: ExpressStore = createExpressStore(sessions as SessionManager);
    const { id } = await stored(sessions);
    const read = async () => (await asPromise((done) => store.get(id, done as never))) as never;
    const data = await read();
    expect(await namesOf(read)).toEqual(["get"]);
    expect(await namesOf(() => asPromise((done) => store.touch?.(id, data, done)))).toEqual([]);
    expect(await namesOf(() => asPromise((done) => store.set(id, data, done)))).toEqual([]);
    Object.assign(data, { n: 2 });
    expect(await namesOf(() => asPromise((done) => store.set(id, data, done)))).toEqual(["script"]);
    elapsedMs = 61_000;
    expect(await namesOf(() => asPromise((done) => store.touch?.(id, data, done)))).toEqual(["getex"]);
    expect(await namesOf(() => asPromise((done) => store.destroy(id, done)))).toEqual(["del"]);
  });
});

/** A session that somebody else has stored. */
async function stored(by = others): Promise<{ id: string; key: string }> {
  const session = await by.create();
  session.set("n", 1);
  await session.save();
  return { id: session.id, key: await sessions.format.keyOf(session.id) };
}

async function opened(id: string) {
  const session = await sessions.open(id);
  if (session === undefined) throw new Error("There is no session.");
  return session;
}

function increment(draft: Parameters<Parameters<typeof sessions.update>[1]>[0]): void {
  draft.update("n", (n = 0) => n + 1);
}

/** So that what a connection and a server begin with is not counted: the server gets to know the scripts. */
async function connected(manager: SessionManager<Counts>): Promise<SessionManager<Counts>> {
  const session = await manager.create();
  session.set("n", 1);
  await session.save();
  await session.regenerate();
  return manager;
}

/** All that the server is told meanwhile. */
async function commandsOf(act: () => Promise<unknown>): Promise<string[][]> {
  const monitor = await server.monitor();
  await act();
  await monitor.caughtUp();
  monitor.stop();
  return monitor.commands.map(([name = "", ...args]) => [name.toLowerCase(), ...args]);
}

async function namesOf(act: () => Promise<unknown>): Promise<string[]> {
  return (await commandsOf(act)).map(([name = ""]) => (name.startsWith("eval") ? "script" : name));
}

function asPromise<Result>(
  call: (done: (error: unknown, result?: Result) => void) => void,
): Promise<Result | undefined> {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))));
}
