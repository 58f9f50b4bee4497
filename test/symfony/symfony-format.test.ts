import { recordOf } from "sessionwire/backend";
import { PhpValue, php, symfonyFormat } from "sessionwire/symfony";
import { describe, expect, test } from "vitest";
import { textFixtures } from "./fixtures.ts";
import { NOW, openPhpSessions } from "./sessions-in-memory.ts";

const format = symfonyFormat({ serializer: "php" });
const stamp = (u = NOW, c = 1_700_000_000, l = 0) => `_sf2_meta|a:3:{s:1:"u";i:${u};s:1:"c";i:${c};s:1:"l";i:${l};}`;
const before = stamp(1_700_000_000);
const object = 'O:8:"stdClass":1:{s:1:"n";i:1;}';

describe("sessions that PHP has stored", () => {
  test.each(textFixtures.map((fixture) => [fixture.name, fixture] as const))(
    "are the same bytes again, and after a change in all but that: %s",
    async (_, { serializer, session: bytes }) => {
      const of = symfonyFormat({ serializer, metadataUpdateThresholdSeconds: 2 ** 31 - 1 });
      expect(Buffer.from(of.encode(of.decode(bytes)))).toEqual(Buffer.from(bytes));
      await using php = openPhpSessions(of);
      const id = await php.store(bytes);
      await php.sessions.update(id, (draft) => draft.set("chat.name", "Ann"));
      await php.sessions.update(id, (draft) => draft.delete("chat.name"));
      const text = Buffer.from(bytes).toString("latin1");
      const now = await php.bytesOf(id);
      // A session without metadata has some now, at its end.
      expect(text.includes("_sf2_meta") ? now : now?.replace(/_sf2_meta\|.*$/, "")).toBe(text);
    },
  );
});

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

  test("that has not changed keeps its text, also within one that has", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`_sf2_attributes|a:2:{s:1:"a";d:1.50;s:1:"b";a:2:{s:1:"x";d:2;s:1:"y";i:1;}}${before}`);
    await php.sessions.update(id, (draft) => draft.update("b", (b) => ({ ...(b as object), y: 2, z: 3 })));
    expect(await php.bytesOf(id)).toBe(
      `_sf2_attributes|a:2:{s:1:"a";d:1.50;s:1:"b";a:3:{s:1:"x";d:2;s:1:"y";i:2;s:1:"z";i:3;}}${stamp()}`,
    );
  });

  test("that JSON cannot represent is opaque, and can be copied to another one", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`_sf2_attributes|a:2:{s:1:"a";i:1;s:1:"o";${object}}${before}`);
    await php.sessions.update(id, (draft) => {
      expect(draft.get("o")).toBeInstanceOf(PhpValue);
      draft.set("a", { first: draft.get("o") });
      draft.set("p", draft.get("o"));
    });
    expect(await php.bytesOf(id)).toBe(
      `_sf2_attributes|a:3:{s:1:"a";a:1:{s:5:"first";${object}}s:1:"o";r:3;s:1:"p";r:3;}${stamp()}`,
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

  test("with a name or a value that PHP cannot store is refused when it is set", async () => {
    await using php = openPhpSessions(format);
    const session = await php.sessions.create();
    for (const [name, value] of [
      ["\ud800", 1],
      ["a", "\ud800"],
      ["a", { "\udfff": 1 }],
    ] as const) {
      expect(() => session.set(name, value)).toThrow(TypeError);
    }
    expect(() => session.flash.add("notice", "\ud800")).toThrow(TypeError);
    expect(session.isChanged).toBe(false);
  });

  test("that signs a user in is read and deleted, but not set", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`_sf2_attributes|a:2:{s:1:"a";i:1;s:14:"_security_main";s:2:"N;";}${before}`);
    await php.sessions.update(id, (draft) => {
      expect(draft.get("_security_main")).toBe("N;");
      expect(() => draft.set("_security_main", "N;")).toThrow(TypeError);
      expect(() => draft.update("_security_api", () => "N;")).toThrow(TypeError);
      draft.set("_security.last_username", "Ann");
      draft.delete("_security_main");
    });
    expect(await php.bytesOf(id)).toBe(
      `_sf2_attributes|a:2:{s:1:"a";i:1;s:23:"_security.last_username";s:3:"Ann";}${stamp()}`,
    );
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

describe("a change that PHP's references do not survive", () => {
  test("is a TypeError of the save, and changes nothing", async () => {
    await using php = openPhpSessions(format);
    const bytes = `_sf2_attributes|a:2:{s:1:"a";s:1:"x";s:1:"b";R:2;}${before}`;
    const id = await php.store(bytes);
    const session = await php.sessions.open(id);
    session?.set("a", "y");
    await expect(session?.save()).rejects.toThrow(TypeError);
    expect(await php.bytesOf(id)).toBe(bytes);
  });

  test("does not keep a value of another session from being copied", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`_sf2_attributes|a:2:{s:1:"o";${object}s:1:"p";a:1:{i:0;r:2;}}${before}`);
    const session = await php.sessions.open(id);
    const other = await php.sessions.create();
    other.set("x", 1);
    other.set("o", session?.get("o"));
    await other.save();
    expect(await php.bytesOf(other.id)).toContain(`_sf2_attributes|a:2:{s:1:"x";i:1;s:1:"o";${object}}`);
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

describe("a session without anything", () => {
  const attributes = '_sf2_attributes|a:1:{s:1:"a";i:1;}';

  test("ends with the change that has left it so", async () => {
    await using php = openPhpSessions(format);
    for (const more of [before, "", `_symfony_flashes|a:0:{}${before}`, `_symfony_flashes|s:1:"x";${before}`]) {
      const id = await php.store(attributes + more);
      await php.sessions.update(id, (draft) => draft.delete("a"));
      expect(await php.bytesOf(id)).toBeUndefined();
    }
  });

  test("stays if there are messages, or other members of $_SESSION", async () => {
    await using php = openPhpSessions(format);
    for (const more of ["legacy|N;", '_symfony_flashes|a:1:{s:1:"n";a:0:{}}']) {
      const id = await php.store(`${attributes}${more}${before}`);
      await php.sessions.update(id, (draft) => draft.delete("a"));
      expect(await php.bytesOf(id)).toBe(`${more}${stamp()}`);
    }
  });

  test("stays as an empty array with php_serialize", async () => {
    await using php = openPhpSessions(symfonyFormat({ serializer: "php_serialize" }));
    const id = await php.store('a:1:{s:15:"_sf2_attributes";a:1:{s:1:"a";i:1;}}');
    await php.sessions.update(id, (draft) => draft.delete("a"));
    expect(await php.bytesOf(id)).toBe("a:0:{}");
    await php.sessions.update(id, (draft) => draft.set("b", 1));
    expect(await php.bytesOf(id)).toMatch(/^a:2:\{s:15:"_sf2_attributes";a:1:\{s:1:"b";i:1;\}s:9:"_sf2_meta"/);
  });

  test("is not ended by a read", async () => {
    await using php = openPhpSessions(format);
    for (const bytes of [before, ""]) {
      const id = await php.store(bytes);
      const session = await php.sessions.open(id);
      expect(session?.names()).toEqual([]);
      await session?.save();
      expect(await php.bytesOf(id)).toBe(bytes);
    }
  });

  test("is not stored", async () => {
    await using php = openPhpSessions(format);
    const session = await php.sessions.create();
    session.set("a", 1);
    session.delete("a");
    await session.save();
    expect(await php.bytesOf(session.id)).toBeUndefined();
  });
});

describe("what stands beside the bags", () => {
  test("stays where it is, and new bags follow", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`legacy|${object}${before}other|r:1;`);
    await php.sessions.update(id, (draft) => {
      draft.flash.add("notice", "hello");
      draft.set("a", 1);
    });
    expect(await php.bytesOf(id)).toBe(
      `legacy|${object}${stamp()}other|r:1;_sf2_attributes|a:1:{s:1:"a";i:1;}_symfony_flashes|a:1:{s:6:"notice";a:1:{i:0;s:5:"hello";}}`,
    );
  });

  test("is no attribute, and a bag that is no array has none", async () => {
    await using php = openPhpSessions(format);
    const id = await php.store(`_sf2_attributes|s:1:"x";legacy|i:1;${before}`);
    const session = await php.sessions.open(id);
    expect(session?.names()).toEqual([]);
    session?.set("a", 1);
    await session?.save();
    expect(await php.bytesOf(id)).toBe(`_sf2_attributes|a:1:{s:1:"a";i:1;}legacy|i:1;${stamp()}`);
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
