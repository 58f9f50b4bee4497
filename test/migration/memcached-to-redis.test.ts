import {
  createSessionManager,
  type SessionHandler,
  type SessionManager,
  withConnectionCheck,
  withMigration,
} from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { createRedisHandler } from "sessionwire/redis";
import { findLostUpdates, idsOf } from "sessionwire/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { type MemcachedServer, startMemcached } from "../servers/memcached-server.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { passTime } from "../servers/redis-time.ts";
import { beginSession, type Kept, Traffic } from "./traffic.ts";

expectNoEscapes();

const SESSIONS = 1000;
/** Of each step, however long they take on this machine. */
const UPDATES = 700;

let memcached: MemcachedServer;
let redis: RedisServer;
beforeAll(async () => {
  [memcached, redis] = await Promise.all([startMemcached(), startRedis()]);
});
afterAll(async () => {
  await Promise.all([memcached.stop(), redis.stop()]);
});

const openMemcached = () => withConnectionCheck(createMemcachedHandler(memcached.address));
const openRedis = () => withConnectionCheck(createRedisHandler(redis.url));
const inBoth = (moves: boolean): SessionHandler => withMigration(openMemcached(), openRedis(), { moves });

test("a thousand live sessions move from Memcached to Redis, in steps that are reverted and repeated, and none is lost", async () => {
  const before = createSessionManager<Kept>({ handler: openMemcached() });
  const ids = await Promise.all(
    Array.from({ length: SESSIONS }, (_, index) => beginSession(before, `session ${index}`)),
  );
  const traffic = new Traffic(ids);

  // Some still run without moving, some move; then all move; and some go back, as when a roll-out is stopped half way.
  const old = createSessionManager<Kept>({ handler: inBoth(false) });
  const [one, two] = [1, 2].map(() => createSessionManager<Kept>({ handler: inBoth(true) })) as [
    SessionManager<Kept>,
    SessionManager<Kept>,
  ];
  for (const managers of [
    [before, old],
    [old, old],
    [old, one],
    [one, two],
    [old, one],
    [one, two],
  ]) {
    await traffic.run(managers, UPDATES);
  }
  // Whoever is used is moved: here, each of them once.
  for (const id of ids) await one.open(id);
  expect(await memcached.command("stats")).toContain("STAT curr_items 0");

  await passTime(redis, 61_000); // for which an end leaves a mark
  const after = createSessionManager<Kept>({ handler: openRedis() });
  await traffic.run([after, after], UPDATES);
  const { updates, ended, signedOut } = traffic;
  expect(signedOut).toEqual([]);
  expect(ended.size).toBeGreaterThan(20);
  expect(updates.size).toBe(SESSIONS);
  let acknowledged = 0;
  for (const [id, made] of updates) {
    const session = await after.open(id);
    expect(session !== undefined).toBe(!ended.has(id));
    if (!session) continue;
    acknowledged += made.length;
    const findings = findLostUpdates({ acknowledged: made }, session.get("updates") ?? []);
    expect(findings).toEqual({ missing: [], repeated: [], uninvited: [] });
  }
  expect(acknowledged).toBeGreaterThan(SESSIONS);
  console.info(
    `${SESSIONS} sessions moved, ${ended.size} of them ended meanwhile; 0 of ${acknowledged} updates lost, nobody signed out`,
  );

  const handler = openRedis();
  expect(await idsOf(handler)).toHaveLength(SESSIONS - ended.size);
  await Promise.all([before, old, one, two, after, handler].map((each) => each.close()));
}, 120_000);
