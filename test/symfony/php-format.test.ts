import { phpFormat, symfonyFormat } from "sessionwire/symfony";
import { describe, expect, test } from "vitest";
import { openPhpSessions } from "./sessions-in-memory.ts";

describe("sessions of PHP without Symfony", () => {
  test("have the members of $_SESSION as attributes", async () => {
    await using php = openPhpSessions(phpFormat({ serializer: "php" }));
    const id = await php.store('cart|a:1:{s:3:"tea";i:2;}user|s:3:"Ann";');
    await php.sessions.update(id, (draft) => {
      expect(draft.names()).toEqual(["cart", "user"]);
      draft.set("cart", { tea: 2, jam: 1 });
      draft.delete("user");
      draft.set("", "!");
    });
    expect(await php.bytesOf(id)).toBe('cart|a:2:{s:3:"tea";i:2;s:3:"jam";i:1;}|s:1:"!";');
  });

  test("have no messages and no metadata", async () => {
    await using php = openPhpSessions(phpFormat({ serializer: "php" }));
    const session = await php.sessions.create();
    expect(() => session.flash.add("notice", "hello")).toThrow(TypeError);
    expect(() => session.metadata.set("u", 1)).toThrow(TypeError);
  });

  test.each([
    ["php", ["a|b", "42", "-7", "\ud800"], ["a!b", "", "042", "é".repeat(100), "9223372036854775808"]],
    ["php_binary", ["é".repeat(64), "a".repeat(128), "0"], ["a|b", "", "a".repeat(127)]],
    ["php_serialize", ["\ud800"], ["a|b", "42", "a".repeat(999)]],
  ] as const)("have only names under which PHP keeps a member: %s", async (serializer, refused, taken) => {
    await using php = openPhpSessions(phpFormat({ serializer }));
    const session = await php.sessions.create();
    for (const name of refused) expect(() => session.set(name, 1), name).toThrow(TypeError);
    for (const name of taken) session.set(name, 1);
    await session.save();
    expect((await php.sessions.open(session.id))?.names()).toEqual([...taken]);
  });
});

describe("a format", () => {
  test.each([
    ["symfony-redis", "sf_s"],
    ["symfony-memcached", "sf2s"],
    ["phpredis", "PHPREDIS_SESSION:"],
    ["memcached", "memc.sess.key."],
    ["snc", "session"],
  ] as const)("has the keys of %s", (preset, prefix) => {
    for (const create of [phpFormat, symfonyFormat]) {
      const format = create({ serializer: "php", preset });
      expect(format.keyOf("id")).toBe(`${prefix}id`);
      expect(format.idOf?.(`${prefix}id`)).toBe("id");
      expect(format.idOf?.("other")).toBeUndefined();
      expect(create({ serializer: "php", preset, prefix: "Q:" }).keyOf("id")).toBe("Q:id");
    }
  });

  test("has the keys of Symfony's Redis handler, or those of phpredis, if nothing else is said", () => {
    expect(symfonyFormat({ serializer: "php" }).keyPrefix).toBe("sf_s");
    expect(phpFormat({ serializer: "php" }).keyPrefix).toBe("PHPREDIS_SESSION:");
  });

  test("makes ids as PHP does, and takes those of PHP", () => {
    const { createId, isId } = phpFormat({ serializer: "php" });
    const ids = Array.from({ length: 100 }, createId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-v]{32}$/);
    expect(new Set([...ids.join("")]).size).toBe(32);
    for (const id of [...ids, "a".repeat(22), "A,-9".repeat(64)]) expect(isId(id)).toBe(true);
    for (const id of ["a".repeat(21), "a".repeat(257), `${"a".repeat(22)}_`, `${"a".repeat(22)}\n`, ""]) {
      expect(isId(id)).toBe(false);
    }
  });

  test("takes no id whose key is too long for Memcached", () => {
    const { isId } = phpFormat({ serializer: "php", preset: "memcached" });
    expect(isId("a".repeat(250 - "memc.sess.key.".length))).toBe(true);
    expect(isId("a".repeat(251 - "memc.sess.key.".length))).toBe(false);
    expect(phpFormat({ serializer: "php", preset: "memcached", prefix: "" }).isId("a".repeat(251))).toBe(false);
  });

  test("lives by gc_maxlifetime, and with SncRedisBundle by the cookie if that is longer", () => {
    const idle = (options: Partial<Parameters<typeof phpFormat>[0]>) =>
      phpFormat({ serializer: "php", ...options }).defaults.idleTimeoutSeconds;
    expect(idle({})).toBe(1440);
    expect(idle({ gcMaxLifetimeSeconds: 60, cookieLifetimeSeconds: 90 })).toBe(60);
    expect(idle({ gcMaxLifetimeSeconds: 60, cookieLifetimeSeconds: 90, preset: "snc" })).toBe(90);
    expect(idle({ gcMaxLifetimeSeconds: 90, cookieLifetimeSeconds: 60, preset: "snc" })).toBe(90);
  });

  test("refuses options that it does not know, or that PHP could not have", () => {
    const bad: readonly [options: object, error: typeof TypeError | typeof RangeError][] = [
      [{}, TypeError],
      [{ serializer: "igbinary" }, TypeError],
      [{ serializer: "php", preset: "files" }, TypeError],
      [{ serializer: "php", preset: "toString" }, TypeError],
      [{ serializer: "php", prefix: "\ud800" }, TypeError],
      [{ serializer: "php", prefix: 1 }, TypeError],
      [{ serializer: "php", gcMaxLifetime: 1 }, TypeError],
      [{ serializer: "php", gcMaxLifetimeSeconds: 0 }, RangeError],
      [{ serializer: "php", cookieLifetimeSeconds: -1 }, RangeError],
    ];
    const badOfSymfony: typeof bad = [
      [{ serializer: "php", attributesKey: "a|b" }, TypeError],
      [{ serializer: "php", attributesKey: 1 }, TypeError],
      [{ serializer: "php_binary", flashesKey: "a".repeat(128) }, TypeError],
      [{ serializer: "php", flashesKey: "_sf2_meta" }, TypeError],
      [{ serializer: "php", autoExpireFlashes: 1 }, TypeError],
      [{ serializer: "php", metadataUpdateThresholdSeconds: 0.5 }, RangeError],
    ];
    for (const [options, error] of bad)
      expect(() => phpFormat(options as never), JSON.stringify(options)).toThrow(error);
    for (const [options, error] of [...bad, ...badOfSymfony]) {
      expect(() => symfonyFormat(options as never), JSON.stringify(options)).toThrow(error);
    }
    expect(() => phpFormat({ serializer: "php", attributesKey: "a" } as never)).toThrow(TypeError);
  });
});
