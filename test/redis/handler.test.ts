import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";
import { failureOf } from "./settling.ts";

expectNoEscapes();

const { server, handler } = await openScene();

describe("one round trip each", () => {
  test("for a read, with and without a time to live", async () => {
    const { id } = await create(handler);
    expect(await commandsOf(() => handler.read(id))).toEqual([["GET", id]]);
    expect(await commandsOf(() => handler.read(id, { ttlSeconds: 60 }))).toEqual([["GETEX", id, "EX", "60"]]);
  });

  test("for a write that creates, replaces or is refused, once the server knows the script", async () => {
    await replaceOnce();
    const { id, version } = await create(handler);
    const create2 = () => handler.write(freshId(), bytes("data"), { replaces: undefined, ttlSeconds: 60 });
    const replace = () => handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
    expect(namesOf(await commandsOf(create2))).toEqual(["SET"]);
    expect(namesOf(await commandsOf(replace))).toEqual(["EVALSHA"]);
    expect(await replace()).toMatchObject({ written: false, current: { data: bytes("second") } });
  });

  test("for a touch, a ping and a destroy, with and without a condition", async () => {
    const { id } = await create(handler);
    const conditional = await create(handler);
    const destroy = () => handler.destroy(conditional.id, { replaces: conditional.version });
    await destroy(); // by now the server knows the script
    expect(await commandsOf(() => handler.touch(id, 60))).toEqual([["EXPIRE", id, "60"]]);
    expect(await commandsOf(() => handler.ping())).toEqual([["PING"]]);
    expect(await commandsOf(() => handler.destroy(id))).toEqual([["DEL", id]]);
    expect(namesOf(await commandsOf(destroy))).toEqual(["EVALSHA"]);
  });

  test("but nothing more for a script that the server has forgotten once its caller has given up (law 39)", async () => {
    await using proxy = await startProxy(server);
    await using slow = createRedisHandler(proxy.url);
    const { id, version } = await create(slow);
    await replaceOnce(slow);
    await server.command("script", "flush");
    await server.command("config", "resetstat");
    proxy.delayMs = 300; // time enough to see that the server has refused, before the handler does
    const controller = new AbortController();
    const commands = await commandsOf(async () => {
      const options = { replaces: version, ttlSeconds: 60, signal: controller.signal };
      const write = failureOf(slow.write(id, bytes("second"), options));
      await vi.waitUntil(async () => String(await server.command("info", "errorstats")).includes("NOSCRIPT"), {
        interval: 10,
      });
      controller.abort();
      expect(await write).toMatchObject({ code: "aborted", outcome: "unknown" });
      await slow.ping(); // behind whatever was still to be sent
    });
    expect(namesOf(commands)).not.toContain("EVAL");
    expect(textOf(await handler.read(id))).toBe("first");
  });

  test("also for the first use of a script, but two after the server has forgotten it", async () => {
    await using fresh = createRedisHandler(server.url);
    const { id, version } = await create(fresh);
    const write = () => fresh.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
    expect(namesOf(await commandsOf(write))).toEqual(["EVAL"]);
    expect(textOf(await fresh.read(id))).toBe("second");
    expect(namesOf(await commandsOf(write))).toEqual(["EVALSHA"]);
    await server.command("script", "flush");
    expect(namesOf(await commandsOf(write))).toEqual(["EVALSHA", "EVAL"]);
  });

  async function commandsOf(action: () => Promise<unknown>): Promise<string[][]> {
    const monitor = await server.monitor();
    await action();
    await monitor.caughtUp();
    monitor.stop();
    return monitor.commands.map(([name = "", ...args]) => [name.toUpperCase(), ...args]);
  }

  /** By now the server knows the script. */
  async function replaceOnce(on = handler): Promise<void> {
    const { id, version } = await create(on);
    await on.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
  }

  function namesOf(commands: string[][]): string[] {
    return commands.map(([name = ""]) => name);
  }
});

test("the server has the very bytes that were written, and no others", async () => {
  using client = openBareRedis(server.url);
  const { id, version } = await create(handler);
  const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  await handler.write(id, data, { replaces: version, ttlSeconds: 60 });
  expect(await client.getBuffer(id)).toEqual(Buffer.from(data));
});

test("a key of another program that never expires is read, touched and replaced as a session", async () => {
  const id = `sess:${freshId()}`;
  await server.command("set", id, '{"cookie":{}}');
  const read = await handler.read(id);
  expect(textOf(read)).toBe('{"cookie":{}}');
  expect(await server.command("ttl", id)).toBe(-1);
  expect(await handler.write(id, bytes("{}"), { replaces: read?.version, ttlSeconds: 60 })).toMatchObject({
    written: true,
  });
  expect(await server.command("get", id)).toBe("{}");
  expect(await server.command("ttl", id)).toBe(60);
  await server.command("persist", id);
  expect(await handler.touch(id, 30)).toBe(true);
  expect(await server.command("ttl", id)).toBe(30);
});
