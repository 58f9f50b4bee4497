import { createSessionManager, expressFormat, nativeFormat, type Session, type SessionManager } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test } from "vitest";
import { openConnectRedis } from "../../express/stores.ts";
import { disturb } from "../../faults/disturbance.ts";
import { startProxy } from "../../faults/proxy.ts";
import { startProcess } from "../../processes/processes.ts";
import { openBareRedis } from "../../redis/bare-redis.ts";
import { openScene } from "../../redis/scene.ts";
import { startRedis } from "../../servers/redis-server.ts";
import type { Redemption } from "./tickets.child.ts";

const { server } = await openScene();
const script = new URL("./tickets.child.ts", import.meta.url);

test("two callers that read and then remove a ticket both get in; with ours, one does (law 127)", async () => {
  await using proxy = await startProxy(server);
  proxy.delayMs = 2; // so that they overlap on any machine
  const clients = [1, 2].map(() => openBareRedis(proxy.url));
  const managers = [1, 2].map(() => managerOn(proxy.url));
  const [first] = managers as [SessionManager];
  const session = await storedSession(first);
  await Promise.all([...clients.map((client) => client.ping()), ...managers.map((each) => each.open(session.id))]);
  const entries = { bare: 0, ours: 0 };
  for (let round = 0; round < 50; round += 1) {
    await server.command("set", "bare-ticket", "1");
    const read = await Promise.all(clients.map((client) => client.get("bare-ticket")));
    await clients[0]?.del("bare-ticket");
    entries.bare += read.filter((found) => found !== null).length;
    const ticket = await first.tickets.issue(session);
    const found = await Promise.all(managers.map(({ tickets }) => tickets.redeem(ticket)));
    entries.ours += found.filter((each) => each !== undefined).length;
  }
  for (const client of clients) client[Symbol.dispose]();
  await Promise.all(managers.map((each) => each.close()));
  expect(entries).toEqual({ bare: 100, ours: 50 });
}, 60_000);

describe.each(["native", "express"] as const)("in the %s format", (format) => {
  test("of two processes that redeem one ticket concurrently, 200 times, one gets the session each time (law 127)", async () => {
    await using proxy = await startProxy(server);
    proxy.delayMs = 1; // so that they overlap on any machine
    await using sessions = managerOn(server.url, format);
    const redemptions = await redeemTogether(proxy.url, format, await issueTo(sessions, 200));
    expect(redemptions.map((both) => both.sort())).toEqual(Array(200).fill(["nothing", "session"]));
  }, 60_000);

  test("while connections are ended and replies lost, no ticket lets in two callers, and none is lost unnoticed (law 127)", async () => {
    await using own = await startRedis();
    await using proxy = await startProxy(own);
    await using sessions = managerOn(own.url, format);
    const tickets = await issueTo(sessions, 200);
    const disturbance = disturb(own, proxy, 50);
    const redemptions = await redeemTogether(proxy.url, format, tickets);
    const disturbances = await disturbance.end();
    const winners = redemptions.map((both) => both.filter((each) => each === "session").length);
    expect(Math.max(...winners)).toBe(1);
    const doubtful = redemptions.filter((both) => both.includes("unknown"));
    expect(redemptions.filter((both) => both.every((each) => each === "nothing"))).toEqual([]);
    console.info(`${format}: 200 tickets, ${doubtful.length} with a doubt, ${disturbances} disturbances`);
  }, 60_000);
});

test("the record of a ticket is not a session to connect-redis, and expires by itself (laws 128 and 129)", async () => {
  await using own = await startRedis();
  await using sessions = managerOn(own.url, "express");
  await using store = await openConnectRedis(own.url);
  const session = await storedSession(sessions);
  const ticket = await sessions.tickets.issue(session);
  const keys = (await own.command("keys", "*")) as string[];
  expect(keys.sort()).toEqual([`sess:${session.id}`, expect.stringMatching(/^ticket:[\w-]{43}$/)]);
  expect(Number(await own.command("ttl", keys[1] as string))).toBeLessThanOrEqual(30);
  expect(await store.ids()).toEqual([session.id]);
  expect(await sessions.tickets.redeem(ticket)).toBeDefined();
  expect(await own.command("keys", "ticket:*")).toEqual([]);
});

function managerOn(url: string, format: "native" | "express" = "native"): SessionManager {
  const handler = createRedisHandler(url);
  return createSessionManager({ handler, format: format === "express" ? expressFormat() : nativeFormat() });
}

async function storedSession(sessions: SessionManager): Promise<Session> {
  const session = await sessions.create();
  session.set("user", "ada");
  await session.save();
  return session;
}

/** Tickets of one session, which live long enough for all of them. */
async function issueTo(sessions: SessionManager, count: number): Promise<string[]> {
  const session = await storedSession(sessions);
  return Promise.all(Array.from({ length: count }, () => sessions.tickets.issue(session, { ttlSeconds: 300 })));
}

/** Has two processes redeem each ticket at the same time, and tells what became of it in each. */
async function redeemTogether(url: string, format: string, tickets: readonly string[]): Promise<Redemption[][]> {
  const env = { REDIS_URL: url, FORMAT: format };
  using first = startProcess(script, env);
  using second = startProcess(script, env);
  const both = [first, second];
  await Promise.all(both.map((each) => each.next()));
  const redemptions: Redemption[][] = [];
  for (const ticket of tickets) {
    for (const each of both) each.send(ticket);
    redemptions.push(await Promise.all(both.map((each) => each.next<Redemption>())));
  }
  return redemptions;
}
