import { rm } from "node:fs/promises";
import { type NetworkedSessionHandler, type SessionErrorCode, withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";
import { failureOf, isPendingAfter, rejectionOf } from "./settling.ts";

expectNoEscapes();

const watchMs = 1500;
const ttlSeconds = 60;
const creating = { replaces: undefined, ttlSeconds };
/** Checks before each call, so that a ping that is misunderstood shows as a reconnection. */
const checkAlways = { everySeconds: 0 };

describe.concurrent("a server that refuses", () => {
  test("writes for lack of memory still serves the rest (laws 32 to 34)", async () => {
    await using server = await startRedis();
    using bare = openBareRedis(server.url);
    const { handler, checked, reconnect } = openBoth(server.url);
    const { id, version } = await create(handler);
    await server.command("config", "set", "maxmemory", "1");

    const bareError = await rejectionOf(bare.set(freshId(), "data"));
    expect(bareError).toMatchObject({ name: "ReplyError", command: { args: [expect.anything(), "data"] } }); // all that tells
    await expectRefused(checked.write(freshId(), bytes("x"), creating), "overloaded");
    await expectRefused(checked.write(id, bytes("x"), { replaces: version, ttlSeconds }), "overloaded");
    expect(textOf(await checked.read(id))).toBe("first");
    expect(textOf(await checked.read(id, { ttlSeconds }))).toBe("first");
    expect(await checked.touch(id, ttlSeconds)).toBe(true);
    await checked.ping();
    expect(await checked.destroy(id, { replaces: version })).toEqual({ destroyed: true });
    expect(reconnect).not.toHaveBeenCalled();
    await checked.close();
  });

  test("writes because it cannot save to disk fails pings that bare ioredis rejects; the check knows that it is alive (law 73)", async () => {
    await using server = await startRedis();
    using bare = openBareRedis(server.url);
    const { handler, checked, reconnect } = openBoth(server.url);
    const { id, version } = await create(handler);
    await server.command("config", "set", "save", "3600 1000");
    await rm(server.directory, { recursive: true });
    await server.command("bgsave");
    await vi.waitUntil(async () => String(await server.command("info")).includes("rdb_last_bgsave_status:err"));

    expect(String(await rejectionOf(bare.ping()))).toContain("MISCONF");
    await checked.ping();
    expect(textOf(await checked.read(id))).toBe("first");
    await expectRefused(checked.write(id, bytes("x"), { replaces: version, ttlSeconds }), "overloaded");
    await expectRefused(checked.touch(id, ttlSeconds), "overloaded");
    expect(reconnect).not.toHaveBeenCalled();

    await server.command("config", "set", "stop-writes-on-bgsave-error", "no");
    expect(await checked.write(id, bytes("x"), { replaces: version, ttlSeconds })).toMatchObject({ written: true });
    await checked.close();
  });

  test("everything while a script runs is alive and overloaded (law 73)", async () => {
    await using server = await startRedis({ args: ["--busy-reply-threshold", "50"] });
    using bare = openBareRedis(server.url);
    const { handler, checked, reconnect } = openBoth(server.url);
    const { id, version } = await create(handler);
    await bare.ping();
    const script = rejectionOf(server.command("eval", "while true do end", "0"));
    await vi.waitUntil(async () => (await rejectionOf(bare.ping()).catch(() => undefined)) !== undefined);

    await checked.ping();
    await expectRefused(checked.write(id, bytes("x"), { replaces: version, ttlSeconds }), "overloaded");
    expect(await failureOf(checked.read(id))).toMatchObject({ code: "overloaded" });
    expect(reconnect).not.toHaveBeenCalled();
    await using late = createRedisHandler(server.url);
    expect(await failureOf(late.read(id))).toMatchObject({ code: "overloaded" });

    await server.command("script", "kill");
    await script;
    expect(await checked.write(id, bytes("x"), { replaces: version, ttlSeconds })).toMatchObject({ written: true });
    await checked.close();
  });

  test("everything while it loads its data is unavailable, never empty (law 32)", async () => {
    await using server = await startRedis({ args: ["--appendonly", "yes", "--key-load-delay", "50"] });
    const { handler, checked } = openBoth(server.url);
    const { id, version } = await create(handler);
    // Some two seconds; Redis looks at its connections after every 1024 commands that it loads.
    await server.command("eval", "for i = 1, 20000 do redis.call('set', 'key ' .. i, i) end", "0");
    await server.restart();
    using bare = openBareRedis(server.url);
    const bareHangs = isPendingAfter(1000, bare.get(id));

    await failureOf(handler.read(id)); // may find out that the old connection is gone
    expect(await failureOf(handler.read(id))).toMatchObject({ code: "unavailable", cause: { name: "ReplyError" } });
    expect(await failureOf(handler.reconnect())).toMatchObject({ code: "unavailable", cause: { name: "ReplyError" } });
    await expectRefused(checked.write(id, bytes("second"), { replaces: version, ttlSeconds }), "unavailable");
    const codes = new Set<string>();
    const answer = await vi.waitUntil(
      async () => {
        try {
          return { session: await checked.read(id) };
        } catch (error) {
          codes.add((error as { code: string }).code);
          return undefined;
        }
      },
      { timeout: 10_000, interval: 20 },
    );
    expect(answer.session).toMatchObject({ data: bytes("first"), version });
    expect(codes).toEqual(new Set(["unavailable"]));
    expect(await bareHangs).toBe(true);
    await checked.close();
  });

  test("new connections without a password serves old ones, and reports unauthorized (law 73)", async () => {
    await using server = await startRedis();
    const { handler, checked, reconnect } = openBoth(server.url);
    const { id } = await create(handler);
    await server.command("config", "set", "requirepass", "changed");
    using bare = openBareRedis(server.url);
    expect(String(await rejectionOf(bare.get(id)))).toContain("NOAUTH"); // which only the text of the error tells

    expect(textOf(await checked.read(id))).toBe("first");
    expect(reconnect).not.toHaveBeenCalled();
    expect(await failureOf(handler.reconnect())).toMatchObject({ code: "unauthorized" });
    expect(await failureOf(handler.read(id))).toMatchObject({ code: "unauthorized" });
    await expectRefused(handler.touch(id, ttlSeconds), "unauthorized");
    await expectRefused(checked.touch(id, ttlSeconds), "unavailable");
    bare.disconnect();

    using administrator = openBareRedis(`redis://:changed@127.0.0.1:${server.port}`);
    await administrator.config("SET", "requirepass", "");
    expect(textOf(await checked.read(id))).toBe("first");
    await checked.close();
  });

  test("one connection too many leaves bare ioredis trying; the handler reports it at once (law 33)", async () => {
    await using server = await startRedis({ args: ["--maxclients", "2"] });
    using first = openBareRedis(server.url);
    using second = openBareRedis(server.url);
    await Promise.all([first.ping(), second.ping()]);
    using bare = openBareRedis(server.url);
    const bareHangs = isPendingAfter(watchMs, bare.ping());
    await using handler = createRedisHandler(server.url);
    const error = await failureOf(handler.write(freshId(), bytes("x"), creating));
    expect(["overloaded", "unavailable"]).toContain(error.code);
    expect(error.outcome).toBe("not-applied");
    expect(await bareHangs).toBe(true);
    bare.disconnect();
    first.disconnect();
    await vi.waitUntil(async () => (await rejectionOf(handler.ping()).catch(() => undefined)) === undefined);
    expect(await handler.write(freshId(), bytes("x"), creating)).toMatchObject({ written: true });
  });
});

describe.concurrent("a master that has become a replica", () => {
  test("refuses bare ioredis for ever, whose pings succeed; the check moves to the new master without a ping (law 74)", async () => {
    await using master = await startRedis({ args: ["--repl-diskless-sync-delay", "0"] });
    await using successor = await startRedis({ args: ["--replicaof", `127.0.0.1 ${master.port}`] });
    const target = { port: master.port };
    await using proxy = await startProxy(target); // as a name or an address that moves with the master
    using bare = openBareRedis(proxy.url);
    await using handler = createRedisHandler(proxy.url);
    const inner = createRedisHandler(proxy.url);
    await using checked = withConnectionCheck(inner);
    const { id, version } = await create(checked);
    await Promise.all([bare.ping(), handler.ping()]);
    await vi.waitUntil(async () => (await successor.command("exists", id)) === 1, { timeout: 10_000 });
    await successor.command("replicaof", "no", "one");
    await master.command("replicaof", "127.0.0.1", String(successor.port));
    target.port = successor.port;

    const write = () => checked.write(id, bytes("second"), { replaces: version, ttlSeconds });
    for (const _ of "123") {
      expect(String(await rejectionOf(bare.set(freshId(), "x")))).toContain("READONLY");
      expect(await bare.ping()).toBe("PONG");
      await expectRefused(handler.write(freshId(), bytes("x"), creating), "read-only");
      await handler.ping();
    }
    const [ping, reconnect] = [vi.spyOn(inner, "ping"), vi.spyOn(inner, "reconnect")];
    await expectRefused(write(), "read-only");
    expect([ping.mock.calls.length, reconnect.mock.calls.length]).toEqual([0, 0]);
    expect(await write()).toMatchObject({ written: true });
    expect([ping.mock.calls.length, reconnect.mock.calls.length]).toEqual([0, 1]);
    expect(await successor.command("get", id)).toBe("second");
  });

  test("refuses changes and no plain read, and is used again once it is a master again (laws 32 to 34)", async () => {
    await using server = await startRedis();
    await using checked = withConnectionCheck(createRedisHandler(server.url));
    const { id, version } = await create(checked);
    await server.command("replicaof", "127.0.0.1", "1");
    expect(textOf(await checked.read(id))).toBe("first");
    await expectRefused(checked.write(id, bytes("x"), { replaces: version, ttlSeconds }), "read-only");
    await expectRefused(checked.touch(id, ttlSeconds), "read-only");
    await expectRefused(checked.destroy(id), "read-only");
    await expectRefused(checked.destroy(id, { replaces: version }), "read-only");
    expect(await failureOf(checked.read(id, { ttlSeconds }))).toMatchObject({ code: "read-only" });
    await server.command("replicaof", "no", "one");
    expect(await checked.write(id, bytes("x"), { replaces: version, ttlSeconds })).toMatchObject({ written: true });
  });
});

async function expectRefused(change: Promise<unknown>, code: SessionErrorCode): Promise<void> {
  expect(await failureOf(change)).toMatchObject({ code, outcome: "not-applied" });
}

function openBoth(url: string) {
  const handler: NetworkedSessionHandler = createRedisHandler(url);
  return { handler, checked: withConnectionCheck(handler, checkAlways), reconnect: vi.spyOn(handler, "reconnect") };
}
