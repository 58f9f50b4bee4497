import {
  createSessionManager,
  expressFormat,
  nativeFormat,
  type SessionManager,
  type SessionManagerOptions,
} from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test } from "vitest";
import { disturb } from "../../faults/disturbance.ts";
import { startProxy } from "../../faults/proxy.ts";
import { runTogether, startProcess } from "../../processes/processes.ts";
import { openBareRedis } from "../../redis/bare-redis.ts";
import { openScene } from "../../redis/scene.ts";
import { startRedis } from "../../servers/redis-server.ts";
import type { SignInReport } from "./users.child.ts";

const { server } = await openScene();
const script = new URL("./users.child.ts", import.meta.url);
const rounds = 50;

test("three concurrent sign-ins that read, change and set an index lose a session each time; with ours, none (law 124)", async () => {
  await using proxy = await startProxy(server);
  proxy.delayMs = 2; // so that they overlap on any machine
  const clients = [1, 2, 3].map(() => openBareRedis(proxy.url));
  const managers = [1, 2, 3].map(() => managerOn(proxy.url));
  await Promise.all([...clients.map((client) => client.ping()), ...managers.map((each) => each.ofUser("ada").list())]);
  const lossy = { bare: 0, ours: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const key = `index-${round}`;
    const add = async (client: (typeof clients)[number], index: number) => {
      const ids: number[] = JSON.parse((await client.get(key)) ?? "[]");
      await client.set(key, JSON.stringify([...ids, index]));
    };
    await Promise.all(clients.map(add));
    if (JSON.parse(String(await server.command("get", key))).length < 3) lossy.bare += 1;
    const user = `user-${round}`;
    await Promise.all(managers.map((each) => signIn(each, user)));
    if ((await (managers[0] as SessionManager).ofUser(user).list()).length < 3) lossy.ours += 1;
  }
  for (const client of clients) client[Symbol.dispose]();
  await Promise.all(managers.map((each) => each.close()));
  console.info(`a session was lost in ${lossy.bare} of ${rounds} rounds by GET and SET, and in ${lossy.ours} by ours`);
  expect(lossy).toEqual({ bare: rounds, ours: 0 });
}, 60_000);

test("of 1000 concurrent sign-ins, three sessions are left if the maximum is three (law 126)", async () => {
  const users = { idOf: (session: { get(name: string): unknown }) => session.get("user"), maxSessions: 3 };
  const managers = [1, 2].map(() => managerOn(server.url, users));
  const started = performance.now();
  const ids = await Promise.all(
    Array.from({ length: 1000 }, (_, index) => signIn(managers[index % 2] as SessionManager, "eve")),
  );
  const ms = Math.round(performance.now() - started);
  const sessions = managers[0] as SessionManager;
  expect(await sessions.ofUser("eve").list()).toHaveLength(3);
  const living = await Promise.all(ids.map((id) => sessions.open(id, { keepAlive: false })));
  expect(living.filter((session) => session !== undefined)).toHaveLength(3);
  console.info(`1000 sign-ins of one user at once through two managers, at most 3: ${ms} ms`);
  await Promise.all(managers.map((each) => each.close()));
}, 120_000);

describe.each(["native", "express"] as const)("in the %s format", (formatName) => {
  test("two processes keep the list of a user correct while connections are ended and replies lost (laws 124 and 125)", async () => {
    await using own = await startRedis();
    await using proxy = await startProxy(own);
    const disturbance = disturb(own, proxy, 50);
    const env = { REDIS_URL: proxy.url, TIMES: "110", FORMAT: formatName };
    const reports = await runTogether<SignInReport>(script, ["first", "second"], env);
    const disturbances = await disturbance.end();
    await using sessions = managerOn(own.url, undefined, formatName);
    const ended = reports.flatMap((report) => report.ended);
    const signedIn = reports.flatMap((report) => report.signedIn);
    expect(ended.length).toBeGreaterThan(100);
    expect(await livingOf(sessions, ended)).toEqual([]);
    const living = await livingOf(sessions, signedIn);
    expect(living.length).toBeGreaterThan(0);
    expect(await listedOf(sessions, living)).toEqual(living);
    const failures = reports.reduce((sum, report) => sum + report.failures, 0);
    console.info(
      `${formatName}: ${signedIn.length} sign-ins, ${ended.length} ended, ${disturbances} disturbances, ${failures} failures`,
    );
  }, 120_000);

  test("sessions acknowledged to a process are listed if it is killed during a sign-in (law 124)", async () => {
    await using own = await startRedis();
    const env = { REDIS_URL: own.url, TIMES: "1000000", FORMAT: formatName, TELLS: "yes" };
    const told: string[] = [];
    const children = Array.from({ length: 5 }, () => startProcess(script, env)); // which takes longer than all the rest
    try {
      await Promise.all(children.map((child) => child.next()));
      for (const [kills, child] of children.entries()) {
        child.send("begin");
        for (let count = 0; count < 5 + kills; count += 1) told.push(await child.next<string>());
        child[Symbol.dispose]();
      }
    } finally {
      for (const child of children) child[Symbol.dispose]();
    }
    await using sessions = managerOn(own.url, undefined, formatName);
    const living = await livingOf(sessions, told);
    expect(living).toEqual(told);
    expect(await listedOf(sessions, living)).toEqual(living);
    await sessions.ofUser("ada").endAll();
    expect(await livingOf(sessions, told)).toEqual([]);
    expect(await sessions.ofUser("ada").list()).toEqual([]);
  }, 60_000);
});

function managerOn(
  url: string,
  users: SessionManagerOptions["users"] = { idOf: (session) => session.get("user") },
  formatName: "native" | "express" = "native",
): SessionManager {
  const format = formatName === "express" ? expressFormat() : nativeFormat();
  return createSessionManager({ handler: createRedisHandler(url), format, users });
}

async function signIn(sessions: SessionManager, user: string): Promise<string> {
  const session = await sessions.create();
  session.set("user", user);
  await session.save();
  return session.id;
}

async function livingOf(sessions: SessionManager, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map((id) => sessions.open(id, { keepAlive: false })));
  return ids.filter((_, index) => found[index] !== undefined);
}

async function listedOf(sessions: SessionManager, ids: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(ids.map((id) => sessions.ofUser("ada").list({ current: { id } })));
  return ids.filter((_, index) => lists[index]?.filter(({ isCurrent }) => isCurrent).length === 1);
}
