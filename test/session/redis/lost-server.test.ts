// @module-tag real-time

import {
  createSessionManager,
  expressFormat,
  isSessionError,
  nativeFormat,
  type SessionHandler,
  type SessionManager,
  withConnectionCheck,
} from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { symfonyFormat } from "sessionwire/symfony";
import { describe, expect, test, vi } from "vitest";
import { openBareRedis } from "../../redis/bare-redis.ts";
import { expectNoEscapes } from "../../redis/escapes.ts";
import { failureOf, isPendingAfter, rejectionOf, timed } from "../../redis/settling.ts";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { type Counts, present } from "./writers.ts";

expectNoEscapes();

const timeoutMs = 300;
const watchMs = 1500;
const slackMs = 250;

describe.concurrent("a server that returns without its data", () => {
  test("has no sessions any more: every call reports it, and nothing recreates them (laws 92 and 94)", async () => {
    await using server = await startRedis();
    const handler = createRedisHandler(server.url, { timeoutMs });
    await using sessions = createSessionManager<Counts>({ handler, touchEverySeconds: 0 });
    const { id } = await createIn(sessions);
    const open = () => present(sessions.open(id));
    const [saving, regenerating, touching, refreshing, ending] = [
      await open(),
      await open(),
      await open(),
      await open(),
      await open(),
    ];
    for (const holder of [saving, regenerating]) holder.update("n", (n = 0) => n + 1);
    await server.restart();
    await untilAnswered(sessions);

    const calls: Promise<unknown>[] = [
      saving.save(),
      regenerating.regenerate(),
      touching.touch(),
      refreshing.refresh(),
      sessions.update(id, (draft) => draft.set("n", 1)),
    ];
    for (const error of await Promise.all(calls.map(failureOf))) expect(error).toMatchObject({ code: "gone" });
    await ending.destroy();
    expect(await failureOf(saving.save())).toMatchObject({ code: "gone", outcome: "not-applied" });
    expect(saving.hasEnded).toBe(true);
    expect(await sessions.open(id)).toBeUndefined();
    expect(await server.command("dbsize")).toBe(0);
  });

  test("gets none back by a request of express-session either", async () => {
    await using server = await startRedis();
    await using handler = createRedisHandler(server.url);
    const store = createExpressStore(handler);
    const sid = "a-session";
    const cookie = { originalMaxAge: null } as never; // what express-session keeps in it
    await asPromise((done) => store.set(sid, { cookie, user: "somebody" }, done));
    const data = (await asPromise((done) => store.get(sid, done as never))) as Record<string, unknown>;
    data.page = 1;
    await server.restart();
    await vi.waitUntil(async () => (await rejectionOf(handler.ping()).catch(() => undefined)) === undefined);
    await asPromise((done) => store.set(sid, data as never, done));
    expect(await server.command("dbsize")).toBe(0);
  });
});

describe.concurrent("a server that is killed and keeps its log", () => {
  test("has every acknowledged change, and the unknown ones once (laws 87 and 89)", async () => {
    await using server = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
    await using sessions = managerOn(server);
    const session = await createIn(sessions);
    const doubts: (string | undefined)[] = [];
    let count = 0;
    for (let kills = 0; kills < 5; kills++) {
      const killed = new Promise<void>((resolve) => setTimeout(resolve, 20 + 7 * kills)).then(() => server.restart());
      let isRunning = true;
      killed.finally(() => {
        isRunning = false;
      });
      while (isRunning) {
        count += 1;
        session.update("n", (n = 0) => n + 1);
        doubts.push(...(await saveAgain(session)));
      }
    }
    expect(await countIn(server, session.id)).toBe(count);
    const unknown = doubts.filter((outcome) => outcome === "unknown").length;
    console.info(`killed 5 times with its log: ${count} changes counted once, ${unknown} saves were in doubt`);
  });
});

describe.concurrent("a server that is frozen", () => {
  test("hangs bare ioredis; saving, updating, regenerating and destroying settle by their deadline, and their changes are counted once (laws 38, 87 and 91)", async () => {
    await using server = await startRedis();
    using bare = openBareRedis(server.url);
    await using sessions = managerOn(server);
    await using others = managerOn(server);
    const [saved, updated] = [await createIn(sessions), await createIn(others)];
    const [regenerated, destroyed] = [await createIn(sessions), await createIn(sessions)];
    await bare.ping();
    saved.update("n", (n = 0) => n + 1);
    regenerated.update("n", (n = 0) => n + 1);
    const previousId = regenerated.id;
    server.freeze();
    const bareHangs = isPendingAfter(watchMs, bare.get("anything"));
    const outcomes = await Promise.all(
      [
        saved.save(),
        sessions.update(updated.id, (draft) => draft.set("n", 1)),
        regenerated.regenerate(),
        destroyed.destroy(),
      ].map((call) => timed(failureOf(call))),
    );
    for (const { value, ms } of outcomes) {
      expect(value).toMatchObject({ code: "timeout" });
      expect(ms).toBeLessThan(timeoutMs + slackMs);
    }
    // The update had read nothing, and the copy of a session is not the session.
    const [ofSave, ofUpdate, ofRegeneration] = outcomes.map(({ value }) => value.outcome);
    expect([ofSave, ofUpdate, ofRegeneration]).toEqual(["unknown", "not-applied", "not-applied"]);
    expect(await bareHangs).toBe(true);

    server.thaw();
    expect(saved.isChanged).toBe(true);
    await saved.save();
    saved.update("n", (n = 0) => n + 1);
    await saved.save();
    expect(await countIn(server, saved.id)).toBe(2);
    expect(regenerated.id).toBe(previousId);
    await regenerated.regenerate();
    expect(await countIn(server, regenerated.id)).toBe(1);
    expect(await sessions.open(previousId)).toBeUndefined();
    await destroyed.destroy();
    expect(await sessions.open(destroyed.id)).toBeUndefined();
    console.info(`server frozen: bare >${watchMs} ms / ${outcomes.map(({ ms }) => `${ms} ms`).join(", ")}`);
  });

  test.each([
    ["native", nativeFormat],
    ["express", expressFormat],
    ["symfony", () => symfonyFormat({ serializer: "php" })],
  ])("says of every end of a session that fails what became of it, in the %s format (law 34)", async (_, format) => {
    await using server = await startRedis();
    const handler = createRedisHandler(server.url, { timeoutMs });
    await using sessions = createSessionManager<Counts>({ handler, format: format() });
    const [one, other] = [await createIn(sessions), await createIn(sessions)];
    const third = await createIn(sessions);
    server.freeze();
    const ends = [one.destroy(), sessions.destroy(other.id), third.invalidate()];
    for (const error of await Promise.all(ends.map(failureOf))) {
      expect(error.code).toBe("timeout");
      expect(["unknown", "not-applied"]).toContain(error.outcome);
    }
  });

  test("between the read and the write of an update leaves its outcome unknown, and it is not made twice (laws 87 and 91)", async () => {
    await using server = await startRedis();
    await using sessions = managerOn(server);
    const { id } = await createIn(sessions);
    let runs = 0;
    const failed = await timed(
      failureOf(
        sessions.update(id, (draft) => {
          runs += 1;
          server.freeze();
          draft.update("n", (n = 0) => n + 1);
        }),
      ),
    );
    expect(failed.value).toMatchObject({ code: "timeout", outcome: "unknown" });
    expect(failed.ms).toBeLessThan(timeoutMs + slackMs);
    server.thaw();
    expect(runs).toBe(1);
    await sessions.update(id, (draft) => draft.update("n", (n = 0) => n + 1));
    expect(await countIn(server, id)).toBe(2);
  });

  test("between the copy and the end of a regeneration leaves its outcome unknown, and at most one of the two sessions (law 96)", async () => {
    await using server = await startRedis();
    const inner = createRedisHandler(server.url, { timeoutMs });
    let isFreezing = false;
    const handler: SessionHandler = {
      ...inner, // a plain object, whose methods need no `this`
      destroy(...call) {
        if (isFreezing) server.freeze();
        return inner.destroy(...call);
      },
    };
    await using sessions = createSessionManager<Counts>({ handler });
    const session = await createIn(sessions);
    await session.regenerate(); // the server gets to know the scripts
    const { id } = session;
    isFreezing = true;
    const failed = await timed(failureOf(session.regenerate()));
    expect(failed.value).toMatchObject({ code: "timeout", outcome: "unknown" });
    expect(failed.ms).toBeLessThan(timeoutMs + slackMs);
    server.thaw();
    expect(await sessions.open(id)).toBeUndefined();
    expect(await server.command("dbsize")).toBe(1);
    session.set("n", 1);
    expect(await failureOf(session.save())).toMatchObject({ code: "gone" });
  });

  test("while saves of every kind are retried counts each change once (laws 87 and 91)", async () => {
    await using server = await startRedis();
    const limits = { pingTimeoutMs: 100, reconnectTimeoutMs: 100 };
    const handler = withConnectionCheck(createRedisHandler(server.url, { timeoutMs: 100 }), limits);
    await using sessions = createSessionManager<Counts>({ handler });
    const session = await createIn(sessions);
    const outcomes: (string | undefined)[] = [];
    for (let n = 1; n <= 5; n++) {
      server.freeze();
      session.update("n", (n = 0) => n + 1);
      session.flash.add("notice", n);
      outcomes.push((await failureOf(session.save())).outcome);
      outcomes.push((await failureOf(session.save())).outcome);
      server.thaw();
      outcomes.push(...(await saveAgain(session)));
    }
    expect(await countIn(server, session.id)).toBe(5);
    expect((await present(sessions.open(session.id))).flash.peek("notice")).toEqual([1, 2, 3, 4, 5]);
    expect(outcomes).toContain("unknown");
    expect(outcomes).toContain("not-applied");
  });
});

function managerOn({ url }: RedisServer): SessionManager<Counts> {
  return createSessionManager<Counts>({ handler: createRedisHandler(url, { timeoutMs }) });
}

async function createIn(sessions: SessionManager<Counts>) {
  const session = await sessions.create();
  session.set("n", 0);
  await session.save();
  return session;
}

/** Until it succeeds. Gives what the attempts before said of the outcome. */
async function saveAgain(session: { save(): Promise<void> }): Promise<(string | undefined)[]> {
  const outcomes: (string | undefined)[] = [];
  for (;;) {
    try {
      await session.save();
      return outcomes;
    } catch (error) {
      if (!isSessionError(error) || !["unavailable", "timeout"].includes(error.code)) throw error;
      outcomes.push(error.outcome);
    }
  }
}

/** As somebody sees it who has had nothing to do with it. */
async function countIn(server: RedisServer, id: string): Promise<number | undefined> {
  await using sessions = managerOn(server);
  return (await present(sessions.open(id))).get("n");
}

async function untilAnswered(sessions: SessionManager<Counts>): Promise<void> {
  await vi.waitUntil(async () => (await rejectionOf(sessions.handler.read("x")).catch(() => undefined)) === undefined);
}

function asPromise(call: (done: (error?: unknown, result?: unknown) => void) => void): Promise<unknown> {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))));
}
