import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test } from "vitest";
import { runTogether } from "../processes/processes.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import type { Means } from "../redis/means.ts";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { failureOf } from "../redis/settling.ts";
import { startRedis } from "../servers/redis-server.ts";
import { valkeyCases } from "./cases.ts";

const ttlSeconds = 60;

/** Defines the tests of changes on condition on a server that has `SET … IFEQ`, and this command to destroy, or none. */
export function testCompareAndSet(destroys: "delifeq" | "delex" | undefined): void {
  expectNoEscapes();

  test.each(valkeyCases({ createRedisHandler }))("$name", ({ run }) => run());

  describe("a server with commands that compare", () => {
    test("receives one for a creation, a replacement and a destroy, and a read after a refusal", async () => {
      await using server = await startRedis();
      await using handler = createRedisHandler(server.url);
      const { id, version } = await create(handler);
      const monitor = await server.monitor();
      await handler.write(id, bytes("second"), { replaces: version, ttlSeconds });
      const refused = await handler.write(id, bytes("third"), { replaces: version, ttlSeconds });
      expect(refused).toMatchObject({ written: false, current: { data: bytes("second") } });
      await handler.destroy(id, { replaces: version });
      await monitor.caughtUp();
      monitor.stop();
      const ifeq = ["set", id, "third", "IFEQ", "first", "EX", "60"];
      const words = destroys === "delex" ? [destroys, id, "IFEQ", "first"] : [destroys, id, "first"];
      const destroy = destroys ? [words, ["get", id]] : [[expect.stringMatching(/^eval/)]];
      expect(monitor.commands.map((words) => (words[0]?.startsWith("eval") ? words.slice(0, 1) : words))).toEqual([
        ["set", id, "second", "IFEQ", "first", "EX", "60"],
        ifeq,
        ["get", id],
        ...destroy,
      ]);
    });

    test("serves a user who may not run scripts, even for versions whose bytes are no longer known", async () => {
      await using server = await startRedis();
      const rights = ["~*", "-@all", "+get", "+getex", "+set", "+expire", "+del", "+ping"];
      if (destroys) rights.push(`+${destroys}`);
      await server.command("acl", "setuser", "app", "on", ">secret", ...rights);
      const url = server.url.replace("redis://", "redis://app:secret@");
      await using first = createRedisHandler(url);
      await using second = createRedisHandler(url);
      const { id, version } = await create(first);
      const written = await second.write(id, bytes("second"), { replaces: version, ttlSeconds });
      expect(written).toMatchObject({ written: true });
      const late = await second.write(id, bytes("late"), { replaces: version, ttlSeconds });
      expect(late).toMatchObject({ written: false, current: { data: bytes("second") } });
      if (destroys === undefined) return;
      const { version: replaces } = (await first.read(id)) ?? {};
      await using third = createRedisHandler(url);
      expect(await third.destroy(id, { replaces })).toEqual({ destroyed: true });
    });

    test("destroys by a script for a user who may not run the command", async () => {
      await using server = await startRedis();
      await server.command(
        "acl",
        "setuser",
        "app",
        "on",
        ">secret",
        "~*",
        "-@all",
        "+get",
        "+set",
        "+del",
        "+eval",
        "+ping",
      );
      await using handler = createRedisHandler(server.url.replace("redis://", "redis://app:secret@"));
      const { id, version } = await create(handler);
      expect(await handler.destroy(id, { replaces: version })).toEqual({ destroyed: true });
      expect(await failureOf(handler.touch(id, ttlSeconds))).toMatchObject({ code: "unauthorized" });
    });
  });

  test("processes that compare in different ways count every increment once in one session (laws 19 and 21)", async () => {
    await using server = await startRedis();
    await using handler = createRedisHandler(server.url);
    const { id } = await create(handler, "0");
    const means: Means[] = ["own commands", "scripts that compare bytes", "scripts that compare digests"];
    const increments = 200;
    const reports = await runTogether<{ conflicts: number }>(
      new URL("../redis/means.child.ts", import.meta.url),
      means,
      {
        REDIS_URL: server.url,
        SESSION_ID: id,
        INCREMENTS: String(increments),
      },
    );
    expect(textOf(await handler.read(id))).toBe(String(means.length * increments));
    for (const { conflicts } of reports) expect(conflicts).toBeGreaterThan(0);
  }, 60_000);
}
