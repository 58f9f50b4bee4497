import {
  createSessionManager,
  expressFormat,
  isSessionError,
  nativeFormat,
  type SessionHandler,
  type SessionManager,
} from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { symfonyFormat } from "sessionwire/symfony";
import { describe, expect, test } from "vitest";
import { startProxy } from "../../faults/proxy.ts";
import { startProcess } from "../../processes/processes.ts";
import { openBareRedis } from "../../redis/bare-redis.ts";
import { expectNoEscapes } from "../../redis/escapes.ts";
import { openScene } from "../../redis/scene.ts";
import { freshId } from "../../redis/session-data.ts";
import type { SaverReport } from "./saver.child.ts";
import { type Counts, present } from "./writers.ts";

expectNoEscapes();

const { server } = await openScene();
const times = 100;

test("a logout during a GET and SET is undone by it with bare ioredis", async () => {
  using saver = openBareRedis(server.url);
  using other = openBareRedis(server.url);
  let revived = 0;
  for (let n = 0; n < times; n++) {
    const id = freshId();
    await saver.set(id, "{}");
    const data = await saver.get(id);
    await Promise.all([other.del(id), saver.set(id, data ?? "")]);
    revived += await saver.exists(id);
  }
  expect(revived).toBeGreaterThan(0);
  console.info(`bare ioredis: ${revived} of ${times} sessions alive after their logout`);
});

describe.each([
  ["native", nativeFormat],
  ["express", expressFormat],
  ["symfony", () => symfonyFormat({ serializer: "php" })],
])("a logout in the %s format", (name, format) => {
  test("is final, whatever another manager has under way (law 92)", async () => {
    await using proxy = await startProxy(server);
    await using sessions = managerOn(server.url, format());
    await using others = managerOn(proxy.url, format());
    const codes: Record<string, number> = {};
    for (let n = 0; n < times; n++) {
      const id = await createIn(sessions);
      const key = await sessions.format.keyOf(id);
      const [saver, stale] = await Promise.all([present(others.open(id)), present(others.open(id))]);
      saver.set("saved", n);
      stale.update("stale", (count = 0) => count + 1);
      const changes = [
        () => saver.save(),
        () => others.update(id, (draft) => draft.set("updated", n)),
        () => present(others.open(id)).then((late) => late.touch()),
      ].sort(() => Math.random() - 0.5);
      const destroy = n % 3 === 0 ? others.destroy(id) : undefined;
      proxy.delayMs = n % 4; // so that either of the two can be first
      const running = changes.map((change) => outcomeOf(change()));
      for (let turns = n % 20; turns > 0; turns--) await new Promise(setImmediate);
      await (destroy ?? sessions.destroy(id));
      proxy.delayMs = 0;
      const afterwards = [stale.save(), saver.touch(), stale.regenerate(), others.update(id, () => {})].map(outcomeOf);
      for (const code of await Promise.all(running)) {
        expect(["acknowledged", "gone", "absent"]).toContain(code);
        codes[code] = (codes[code] ?? 0) + 1;
      }
      const [staleSave, ...rest] = await Promise.all(afterwards);
      expect(staleSave).toBe("gone");
      expect(rest.filter((code) => !["gone", "acknowledged"].includes(code))).toEqual([]);
      expect(rest.slice(1)).toEqual(["gone", "gone"]);
      expect(await server.command("exists", key)).toBe(0);
      expect(await sessions.open(id)).toBeUndefined();
    }
    expect(codes.gone).toBeGreaterThan(0);
    expect(codes.acknowledged).toBeGreaterThan(0);
    console.info(`${name}: dead ${times} times of ${times}; in flight ${JSON.stringify(codes)}`);
  });

  test("beside a regeneration leaves the session under its new id, or nowhere (laws 96 and 97)", async () => {
    await using proxy = await startProxy(server);
    await using sessions = managerOn(proxy.url, format());
    await using others = managerOn(server.url, format());
    let survived = 0;
    for (let n = 0; n < times; n++) {
      const id = await createIn(sessions);
      const session = await present(sessions.open(id));
      session.set("role", n);
      proxy.delayMs = n % 3; // so that either of the two can be first
      const regenerating = outcomeOf(session.regenerate());
      for (let turns = n % 20; turns > 0; turns--) await new Promise(setImmediate);
      await others.destroy(id);
      proxy.delayMs = 0;
      const outcome = await regenerating;
      expect(["acknowledged", "gone"]).toContain(outcome);
      expect(await sessions.open(id)).toBeUndefined();
      const keys = (await server.command("keys", `${sessions.format.keyPrefix}*`)) as string[];
      expect(keys).toEqual(outcome === "gone" ? [] : [await sessions.format.keyOf(session.id)]);
      if (outcome === "gone") continue;
      survived += 1;
      await session.destroy();
    }
    expect(survived).toBeGreaterThan(0);
    expect(survived).toBeLessThan(times);
    console.info(`${name}: of ${times} regenerations beside a logout ${survived} were first`);
  });
});

test("a logout between the copy and the end of a regeneration ends both (laws 92 and 97)", async () => {
  await using others = managerOn(server.url, nativeFormat());
  for (const graceSeconds of [0, 5]) {
    const inner = createRedisHandler(server.url);
    let beforeEnd: (() => Promise<void>) | undefined;
    let writes = 0;
    const end = async () => {
      await beforeEnd?.();
      beforeEnd = undefined;
    };
    const handler: SessionHandler = {
      ...inner, // a plain object, whose methods need no `this`
      async write(...call) {
        writes += 1;
        if (writes === 3) await end(); // after the creation and the copy
        return inner.write(...call);
      },
      async destroy(...call) {
        await end();
        return inner.destroy(...call);
      },
    };
    await using sessions = createSessionManager<Counts>({ handler });
    const id = await createIn(sessions);
    const session = await present(sessions.open(id));
    beforeEnd = () => others.destroy(id);
    expect(await outcomeOf(session.regenerate({ graceSeconds }))).toBe("gone");
    expect(beforeEnd).toBeUndefined();
    expect(await server.command("keys", "session:*")).toEqual([]);
  }
});

test("a logout in one process is final, however hard another process is saving (law 92)", async () => {
  using saver = startProcess(new URL("./saver.child.ts", import.meta.url), { REDIS_URL: server.url });
  await saver.next();
  saver.send("begin");
  await using sessions = managerOn(server.url, nativeFormat());
  let acknowledged = 0;
  for (let n = 0; n < times; n++) {
    const id = await createIn(sessions);
    const key = await sessions.format.keyOf(id);
    saver.send(id);
    await saver.next();
    await sessions.destroy(id);
    expect(await server.command("exists", key)).toBe(0);
    const report = await saver.next<SaverReport>();
    expect(report.codes).toEqual(["gone", "gone", "gone"]);
    expect(await server.command("exists", key)).toBe(0);
    acknowledged += report.acknowledged;
  }
  expect(acknowledged).toBeGreaterThan(0);
  console.info(`two processes: dead ${times} times of ${times}, after ${acknowledged} acknowledged changes`);
}, 60_000);

test("a request that ends after a logout elsewhere stores nothing, without an error (law 92)", async () => {
  await using handler = createRedisHandler(server.url);
  await using otherHandler = createRedisHandler(server.url);
  const [store, otherStore] = [createExpressStore(handler), createExpressStore(otherHandler)];
  let left = 0;
  for (let n = 0; n < times; n++) {
    const sid = freshId();
    const cookie = { originalMaxAge: null } as never; // what express-session keeps in it
    await asPromise((done) => store.set(sid, { cookie, user: "somebody" }, done));
    const [data, other] = await Promise.all(["", ""].map(() => asPromise((done) => store.get(sid, done as never))));
    Object.assign(data as object, { page: n });
    Object.assign(other as object, { step: n });
    const saves = [data, other].map((each) => asPromise((done) => store.set(sid, each as never, done)));
    await asPromise((done) => otherStore.destroy(sid, done));
    await Promise.all(saves);
    await asPromise((done) => store.touch?.(sid, data as never, done));
    await asPromise((done) => store.set(sid, data as never, done));
    left += Number(await server.command("exists", `sess:${sid}`));
  }
  expect(left).toBe(0);
});

function managerOn(url: string, format: ReturnType<typeof nativeFormat>): SessionManager<Counts> {
  return createSessionManager<Counts>({ handler: createRedisHandler(url), format });
}

async function createIn(sessions: SessionManager<Counts>): Promise<string> {
  const session = await sessions.create();
  session.set("first", 0);
  await session.save();
  return session.id;
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "acknowledged";
  } catch (error) {
    if (isSessionError(error)) return error.code;
    return error instanceof Error && error.message === "There is no such session." ? "absent" : String(error);
  }
}

function asPromise(call: (done: (error?: unknown, result?: unknown) => void) => void): Promise<unknown> {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))));
}
