// @module-tag real-time

import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";
import { failureOf, isPendingAfter, rejectionOf, timed } from "./settling.ts";

expectNoEscapes();

const timeoutMs = 300;
const watchMs = 1500;
const slackMs = 250;
const ttlSeconds = 60;

describe.concurrent("a server that is killed", () => {
  test("and stays down leaves bare ioredis waiting; the handler says so at once, and goes on when it is back with its data (laws 32 and 38)", async () => {
    await using server = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
    using bare = openBareRedis(server.url);
    await using handler = createRedisHandler(server.url, { timeoutMs });
    await using checked = withConnectionCheck(createRedisHandler(server.url, { timeoutMs }));
    const { id, version } = await create(handler);
    await Promise.all([bare.get(id), checked.read(id)]);
    await server.kill();
    const bareHangs = isPendingAfter(watchMs, bare.get(id));

    for (const each of [handler, checked]) {
      await failureOf(each.read(id)); // may be the one that finds out
      const read = await timed(failureOf(each.read(id)));
      expect(read.value).toMatchObject({ code: "unavailable" });
      expect(read.ms).toBeLessThan(slackMs);
      expect(await failureOf(each.write(id, bytes("second"), { replaces: version, ttlSeconds }))).toMatchObject({
        code: "unavailable",
        outcome: "not-applied",
      });
    }
    expect(await bareHangs).toBe(true);

    await server.restart();
    expect(await handler.read(id)).toEqual({ data: bytes("first"), version });
    const back = await timed(checked.write(id, bytes("second"), { replaces: version, ttlSeconds }));
    expect(back.value).toMatchObject({ written: true });
    console.info(`server killed: bare >${watchMs} ms / handler at once / checked ${back.ms} ms after it is back`);
  });

  test("and is back without its data has no session, and gets none by a replacing write or a touch (laws 22 and 41)", async () => {
    await using server = await startRedis();
    using bare = openBareRedis(server.url);
    await using handler = createRedisHandler(server.url, { timeoutMs });
    const { id, version } = await create(handler);
    const bareId = freshId();
    await bare.set(bareId, "first");
    await server.restart();

    await bare.set(bareId, "second");
    expect(await bare.get(bareId)).toBe("second"); // who had logged out meanwhile is logged in again

    await vi.waitUntil(async () => (await rejectionOf(handler.read(id)).catch(() => undefined)) === undefined);
    expect(await handler.read(id)).toBeUndefined();
    expect(await handler.touch(id, ttlSeconds)).toBe(false);
    const absent = { written: false, current: undefined };
    expect(await handler.write(id, bytes("second"), { replaces: version, ttlSeconds })).toEqual(absent);
    expect(await handler.destroy(id, { replaces: version })).toEqual({ destroyed: false, current: undefined });
    expect(await handler.read(id, { ttlSeconds })).toBeUndefined();
  });
});

describe.concurrent("a server that is frozen", () => {
  test("hangs bare ioredis; the handler's calls end by their deadline, and what they may have left does no harm (laws 34, 37 and 38)", async () => {
    await using server = await startRedis();
    using bare = openBareRedis(server.url);
    await using handler = createRedisHandler(server.url, { timeoutMs });
    const { id, version } = await create(handler);
    await bare.get(id);
    server.freeze();
    const bareHangs = isPendingAfter(watchMs, bare.get(id));

    const read = await timed(failureOf(handler.read(id)));
    expect(read.value).toMatchObject({ code: "timeout" });
    expect(read.ms).toBeLessThan(timeoutMs + slackMs);
    const changes = [
      handler.write(id, bytes("in doubt"), { replaces: version, ttlSeconds }),
      handler.write(id, bytes("in doubt"), { replaces: version, ttlSeconds }),
      handler.touch(id, ttlSeconds),
      handler.destroy(id, { replaces: version }),
    ].map(failureOf);
    for (const error of await Promise.all(changes)) {
      expect(error).toMatchObject({ code: "timeout", outcome: "unknown" });
    }
    expect(await bareHangs).toBe(true);

    server.thaw();
    const seen = await handler.read(id);
    expect(textOf(seen)).toBe("in doubt");
    const written = await handler.write(id, bytes("third"), { replaces: seen?.version, ttlSeconds });
    expect(written).toMatchObject({ written: true });
    expect(await handler.write(id, bytes("in doubt"), { replaces: version, ttlSeconds })).toMatchObject({
      written: false,
      current: { data: bytes("third") },
    });
  });

  test("cannot be told from a dead connection: the check gives up in time, and the first call after the thaw succeeds (laws 58 and 60)", async () => {
    await using server = await startRedis();
    const limits = { everySeconds: 0, pingTimeoutMs: 150, reconnectTimeoutMs: 300 };
    await using checked = withConnectionCheck(createRedisHandler(server.url), limits);
    const { id, version } = await create(checked);
    server.freeze();
    const failed = await timed(failureOf(checked.write(id, bytes("second"), { replaces: version, ttlSeconds })));
    expect(failed.value).toMatchObject({ code: "unavailable", outcome: "not-applied" });
    expect(failed.ms).toBeLessThan(450 + slackMs);
    server.thaw();
    const back = await timed(checked.write(id, bytes("second"), { replaces: version, ttlSeconds }));
    expect(back.value).toMatchObject({ written: true });
    console.info(
      `server frozen: bare >${watchMs} ms / checked fails after ${failed.ms} ms, after the thaw ${back.ms} ms`,
    );
  });
});
