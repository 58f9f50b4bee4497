import { setTimeout as sleep } from "node:timers/promises";
import type { SessionHandler } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { createRedisHandler } from "sessionwire/redis";
import { type PhpLockStyle, withPhpLocks } from "sessionwire/symfony";
import { rejects } from "sessionwire/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytes } from "../../laws/law.ts";
import { type MemcachedServer, startMemcached } from "../../servers/memcached-server.ts";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { count, countOften, countsIn } from "./counts.ts";
import { startPhp } from "./php-process.ts";

const times = 200;
let redis: RedisServer;
let memcached: MemcachedServer;
beforeAll(async () => {
  [redis, memcached] = await Promise.all([startRedis(), startMemcached()]);
});
afterAll(() => Promise.all([redis.stop(), memcached.stop()]));

const prefixes: Readonly<Record<PhpLockStyle, string>> = {
  phpredis: "PHPREDIS_SESSION:",
  memcached: "memc.sess.key.",
  snc: "session",
};

describe.each(Object.entries(prefixes))("beside PHP with the locks of %s", (name, prefix) => {
  const style = name as PhpLockStyle;
  const portOf = () => (style === "memcached" ? memcached.port : redis.port);
  const open = (): SessionHandler =>
    style === "memcached" ? createMemcachedHandler(memcached.address) : createRedisHandler(redis.url);
  const freshId = () => crypto.randomUUID();

  test("a change waits while PHP has the session open, and is made on what PHP has written (law 146)", async () => {
    const id = freshId();
    await using handler = withPhpLocks(open(), { style });
    await handler.write(prefix + id, bytes("node|i:5;"), { replaces: undefined, ttlSeconds: 1440 });
    using php = startPhp({ style, port: portOf(), id, mode: "hold" });
    await php.nextLine();
    let isMade = false;
    const change = count(handler, prefix + id).finally(() => {
      isMade = true;
    });
    await sleep(150);
    expect(isMade).toBe(false);
    php.goOn();
    expect(await php.report()).toEqual({ failed: 0, warnings: [] });
    expect(await change).toBe(1);
    expect(countsIn(await handler.read(prefix + id))).toEqual({ node: 6, php: 1 });
  });

  test("a destroy waits for PHP, so that PHP does not bring the session back (law 146)", async () => {
    const id = freshId();
    await using handler = withPhpLocks(open(), { style });
    using php = startPhp({ style, port: portOf(), id, mode: "hold" });
    await php.nextLine();
    const destroyed = handler.destroy(prefix + id);
    await sleep(50);
    php.goOn();
    expect(await php.report()).toEqual({ failed: 0, warnings: [] });
    expect(await destroyed).toEqual({ destroyed: true });
    expect(await handler.read(prefix + id)).toBeUndefined();
  });

  test("a change that PHP keeps waiting for too long ends, and PHP has the session to itself (law 146)", async () => {
    const id = freshId();
    await using handler = withPhpLocks(open(), { style, waitMs: 100 });
    using php = startPhp({ style, port: portOf(), id, mode: "hold" });
    await php.nextLine();
    await rejects(count(handler, prefix + id), "timeout", "not-applied");
    php.goOn();
    expect(await php.report()).toEqual({ failed: 0, warnings: [] });
    expect(countsIn(await handler.read(prefix + id))).toEqual({ php: 1 });
  });

  test("PHP waits while a change is made (law 147)", async () => {
    const id = freshId();
    await using store = open();
    let isSlow = true;
    const slow: SessionHandler = {
      ...store,
      async write(key, data, options) {
        if (key === prefix + id && isSlow) await sleep(600);
        return store.write(key, data, options);
      },
    };
    await using handler = withPhpLocks(slow, { style });
    const change = count(handler, prefix + id);
    await sleep(50);
    using php = startPhp({ style, port: portOf(), id, mode: "hold" });
    expect(Number(/\d+/.exec(await php.nextLine())?.[0])).toBeGreaterThan(100);
    await change;
    isSlow = false;
    php.goOn();
    expect(await php.report()).toEqual({ failed: 0, warnings: [] });
    expect(countsIn(await handler.read(prefix + id))).toEqual({ node: 1, php: 1 });
  });

  test(`of ${times} changes on either side, none is lost`, async () => {
    const id = freshId();
    await using handler = withPhpLocks(open(), { style });
    using php = startPhp({ style, port: portOf(), id, mode: times });
    const [refusals, report] = await Promise.all([countOften(handler, prefix + id, times), php.report()]);
    expect(report).toEqual({ failed: 0, warnings: [] });
    expect(countsIn(await handler.read(prefix + id))).toEqual({ node: times, php: times });
    console.info(`${style}: 0 of ${2 * times} lost, ${refusals} writes refused`);
  });

  test("without the locks, changes are lost", async () => {
    const id = freshId();
    await using handler = open();
    using php = startPhp({ style, port: portOf(), id, mode: times });
    const [, report] = await Promise.all([countOften(handler, prefix + id, times), php.report()]);
    expect(report.failed).toBe(0);
    const { node = 0, php: ofPhp = 0 } = countsIn(await handler.read(prefix + id));
    expect(node + ofPhp).toBeLessThan(2 * times);
    console.info(`${style} without its locks: ${times - node} of Node and ${times - ofPhp} of PHP lost`);
  });
});
