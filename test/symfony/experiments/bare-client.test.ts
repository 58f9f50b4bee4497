import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MemcachedServer, startMemcached } from "../../servers/memcached-server.ts";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { type PhpRequests, startPhpRequests } from "./php-requests.ts";
import * as places from "./place.ts";
import { openRawSessions, type RawSessions } from "./raw-sessions.ts";
import * as trials from "./trials.ts";
import { bareWriter } from "./writer.ts";

let redis: RedisServer;
let memcached: MemcachedServer;
let php: PhpRequests;
let sessions: RawSessions;
let control: Redis;

beforeAll(async () => {
  [redis, memcached] = await Promise.all([startRedis(), startMemcached()]);
  const ports = { redis: redis.port, memcached: memcached.port };
  php = await startPhpRequests(2, ports);
  sessions = openRawSessions(ports);
  control = new Redis(redis.port, "127.0.0.1", { db: 1 });
});
afterAll(async () => {
  control?.disconnect();
  sessions?.[Symbol.dispose]();
  await php?.[Symbol.asyncDispose]();
  await Promise.all([redis?.stop(), memcached?.stop()]);
});

describe.each(Object.values(places))("beside $name, a client without conditions", (place) => {
  const sceneOf = () => ({ place, php, sessions, control, writer: bareWriter(place, sessions) });

  test("overwrites what PHP has written since it read the session", async () => {
    expect(await trials.requestDuringWrite(sceneOf())).toEqual({ php: 1, node: 0 });
  });

  test("brings back a session that PHP has signed out", async () => {
    expect(await trials.isRevivedAfterSignOut(sceneOf())).toBe(true);
  });

  test("brings back the session of an id that PHP has given up at a sign-in", async () => {
    expect(await trials.writeAfterSignIn(sceneOf())).toEqual({ isOldThere: true, isWritten: false });
  });
});
