import { recordOf } from "sessionwire/backend";
import { php, symfonyFormat } from "sessionwire/symfony";
import { describe, expect, test } from "vitest";
import { NOW, openPhpSessions } from "./sessions-in-memory.ts";

const format = symfonyFormat({ serializer: "php" });
const stamp = (u = NOW, c = 1_700_000_000, l = 0) => `_sf2_meta|a:3:{s:1:"u";i:${u};s:1:"c";i:${c};s:1:"l";i:${l};}`;
const before = stamp(1_700_000_000);
const object = 'O:8:"stdClass":1:{s:1:"n";i:1;}';

describe("an attribute", () => {
  test("of a new session is stored as Symfony stores it", async () => {
    await using php = openPhpSessions(format);
    const session = await php.sessions.create();
    session.set("name", "Ännchen");
    session.set("42", [1, 1.5, true, null, { a: {} }]);
    session.flash.add("notice", "hello");
    await session.save();
    expect(await php.bytesOf(session.id)).toBe(
      `_sf2_attributes|a:2:{s:4:"name";s:8:"${Buffer.from("Ännchen").toString("latin1")}";` +
        'i:42;a:5:{i:0;i:1;i:1;d:1.5;i:2;b:1;i:3;N;i:4;a:1:{s:1:"a";a:0:{}}}}' +
        `_symfony_flashes|a:1:{s:6:"notice";a:1:{i:0;s:5:"hello";}}${stamp(NOW, NOW)}`,
    );
  });

  test("may have a type that JSON does not have", async () => {
    await using sessions = openPhpSessions(format);
    const session = await sessions.sessions.create();
    session.set("f", php.float(1));
    session.set("i", php.int(2n ** 62n));
    await session.save();
    expect(await sessions.bytesOf(session.id)).toContain('{s:1:"f";d:1;s:1:"i";i:4611686018427387904;}');
  });

  test("whose name is not UTF-8 is not shown, and stays", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`_sf2_attributes|a:2:{s:1:"a";i:1;s:1:"\xff";i:2;}${before}`);
    await php.sessions.update(id, (draft) => {
      expect(draft.names()).toEqual(["a"]);
      draft.delete("a");
    });
    expect(await php.bytesOf(id)).toBe(`_sf2_attributes|a:1:{s:1:"\xff";i:2;}${stamp()}`);
  });
});

describe("metadata", () => {
  test.each([
    ["is stamped with the time of the use", before, stamp()],
    [
      "keeps names of the application",
      `_sf2_meta|a:4:{s:1:"x";s:1:"y";${before.slice(15)}`,
      `_sf2_meta|a:4:{s:1:"x";s:1:"y";${stamp().slice(15)}`,
    ],
    ["is made anew where it is missing", "", stamp(NOW, NOW)],
    ["is made anew where it is empty", "_sf2_meta|a:0:{}", stamp(NOW, NOW)],
    ["is made anew where it is no array", "_sf2_meta|i:1;", stamp(NOW, NOW)],
    ["is made anew where the creation is missing", '_sf2_meta|a:2:{s:1:"u";i:1;s:1:"c";N;}', stamp(NOW, NOW)],
    [
      "keeps a lifetime that is missing away",
      '_sf2_meta|a:2:{s:1:"u";i:1;s:1:"c";i:1;}',
      `_sf2_meta|a:2:{s:1:"u";i:${NOW};s:1:"c";i:1;}`,
    ],
    [
      "gets a time of use that PHP can read",
      '_sf2_meta|a:2:{s:1:"u";s:3:"now";s:1:"c";i:1;}',
      `_sf2_meta|a:2:{s:1:"u";i:${NOW};s:1:"c";i:1;}`,
    ],
    ["keeps a time to come", stamp(NOW + 9), stamp(NOW + 9)],
    [
      "keeps a time to come that is text",
      '_sf2_meta|a:2:{s:1:"u";s:10:"1999999999";s:1:"c";i:1;}',
      '_sf2_meta|a:2:{s:1:"u";s:10:"1999999999";s:1:"c";i:1;}',
    ],
  ])("%s", async (_, stored, expected) => {
    await using php = openPhpSessions(format);
    const id = await php.store(`_sf2_attributes|a:1:{s:1:"a";i:1;}${stored}`);
    await php.sessions.update(id, (draft) => draft.set("a", 2));
    expect(await php.bytesOf(id)).toBe(`_sf2_attributes|a:1:{s:1:"a";i:2;}${expected}`);
  });

  test("keeps the time of the last use within the threshold", async () => {
    await using php = openPhpSessions(
      symfonyFormat({ serializer: "php", metadataUpdateThresholdSeconds: 100, cookieLifetimeSeconds: 7 }),
    );
    const session = await php.sessions.create();
    session.set("a", 1);
    await session.save();
    for (const [seconds, used] of [
      [99, NOW],
      [1, NOW + 100],
      [50, NOW + 100],
    ] as const) {
      await php.clock.advance(seconds * 1000);
      await php.sessions.update(session.id, (draft) => draft.update("a", (a) => Number(a) + 1));
      expect(await php.bytesOf(session.id)).toContain(stamp(used, NOW, 7));
    }
  });

  test("is shown, and cannot be set", async () => {
    await using php = openPhpSessions(format);
    const session = await php.sessions.create();
    expect(session.metadata.names()).toEqual(["u", "c", "l"]);
    expect(session.metadata.get("c")).toBe(NOW);
    expect(() => session.metadata.set("u", 1)).toThrow(TypeError);
  });
});

describe("an empty session", () => {
  test("is not stored", async () => {
    await using php = openPhpSessions(format);
    const session = await php.sessions.create();
    session.set("a", 1);
    session.delete("a");
    await session.save();
    expect(await php.bytesOf(session.id)).toBeUndefined();
  });

  test("of php_serialize gets its bags back with the next attribute", async () => {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php_serialize" }));
    const id = await php.store("a:0:{}");
    await php.sessions.update(id, (draft) => draft.set("b", 1));
    expect(await php.bytesOf(id)).toMatch(/^a:2:\{s:15:"_sf2_attributes";a:1:\{s:1:"b";i:1;\}s:9:"_sf2_meta"/);
  });
});

describe("a member beside the bags", () => {
  test("is no attribute, and a bag that is no array has none", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`_sf2_attributes|s:1:"x";legacy|i:1;${before}`);
    const session = await php.sessions.open(id);
    expect(session?.names()).toEqual([]);
    session?.set("a", 1);
    await session?.save();
    expect(await php.bytesOf(id)).toBe(`_sf2_attributes|a:1:{s:1:"a";i:1;}legacy|i:1;${stamp()}`);
  });

  test("may be what a bag refers to, which is read and not changed", async () => {
    await using php = openPhpSessions(format);
    for (const bytes of [
      `legacy|a:1:{s:1:"a";i:1;}_sf2_attributes|R:1;${before}`,
      `_sf2_attributes|a:1:{s:1:"a";i:1;}_symfony_flashes|R:1;${before}`,
    ]) {
      const id = await php.store(bytes);
      expect((await php.sessions.open(id))?.get("a")).toBe(1);
      await expect(php.sessions.update(id, (draft) => draft.set("b", 2))).rejects.toThrow(TypeError);
      expect(await php.bytesOf(id)).toBe(bytes);
    }
  });

  test("may be bags under keys that are numbers", async () => {
    const numbered = symfonyFormat({ serializer: "php_serialize", attributesKey: "42" });
    await using php = openPhpSessions(numbered);
    const session = await php.sessions.create();
    session.set("a", 1);
    await session.save();
    expect(await php.bytesOf(session.id)).toContain('a:2:{i:42;a:1:{s:1:"a";i:1;}');
  });

  test("may be bags under other keys", async () => {
    const keys = { attributesKey: "attributes", flashesKey: "flashes", metadataKey: "meta" };
    await using php = openPhpSessions(symfonyFormat({ serializer: "php", ...keys }));
    const session = await php.sessions.create();
    session.set("a", 1);
    session.flash.add("n", 2);
    await session.save();
    expect(await php.bytesOf(session.id)).toMatch(
      /^attributes\|a:1:\{s:1:"a";i:1;\}flashes\|a:1:\{s:1:"n";a:1:\{i:0;i:2;\}\}meta\|/,
    );
  });
});

test("the time to live is renewed by a read, as by a request of PHP", async () => {
  await using php = openPhpSessions(symfonyFormat({ serializer: "php", gcMaxLifetimeSeconds: 100 }));
  const id = await php.store(`_sf2_attributes|a:1:{s:1:"a";i:1;}${before}`);
  for (let times = 0; times < 3; times += 1) {
    await php.clock.advance(99_000);
    expect((await php.sessions.open(id))?.ttlSeconds).toBe(100);
  }
  await php.clock.advance(100_000);
  expect(await php.sessions.open(id)).toBeUndefined();
});

test("a record keeps its bytes while nothing has changed, and reads again what it has written", async () => {
  const bytes = new Uint8Array(Buffer.from(`_sf2_attributes|a:1:{s:1:"o";${object}}${before}`));
  const record = format.decode(bytes);
  expect(format.encode(record)).toBe(bytes);
  const stamped = format.stamp(record, NOW * 1000);
  expect(stamped.metadata.get("u")).toBe(NOW);
  expect(format.encode(stamped)).toBe(format.encode(stamped));
  await using php = openPhpSessions(format);
  const session = await php.sessions.create();
  session.set("o", record.attributes.get("o"));
  await session.save();
  expect(recordOf(session).attributes.get("o")).not.toBe(record.attributes.get("o"));
});
