import { deepStrictEqual } from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { isSessionError, type Session, type StoredSession } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { afterEach, describe, expect, test } from "vitest";
import { bytes, text } from "../laws/law.ts";
import { createFixture, type Fixture, type FormatName, given, opened } from "./fixture.ts";
import { subject } from "./subject.ts";

/** What stands in the sessions here, and must not stand in any error. */
const secret = "s3cret";

const prototypes = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  Map.prototype,
  String.prototype,
  Error.prototype,
];
const namesBefore = prototypes.map((prototype) => Reflect.ownKeys(prototype));

afterEach(() => {
  expect(prototypes.map((prototype) => Reflect.ownKeys(prototype))).toEqual(namesBefore);
  expect(Object.getPrototypeOf(Object.prototype)).toBeNull();
});

/** A record as the format writes it, so that one thing about it can be made wrong. */
const valid: { readonly [Name in FormatName]: { readonly [name: string]: unknown } } = {
  native: {
    v: 1,
    createdAt: Date.UTC(2026, 0, 1),
    updatedAt: Date.UTC(2026, 0, 1),
    tokens: ["token"],
    attributes: { a: secret, deep: [{ b: 10 }] },
    flashes: { notice: [["id", secret]] },
  },
  express: {
    cookie: { originalMaxAge: 60_000, expires: "2026-01-01T00:01:00.000Z", httpOnly: true, path: "/" },
    a: secret,
    deep: [{ b: 10 }],
    flash: { notice: [secret] },
  },
};

/** No session at all, to either format. */
const nothing: readonly string[] = [
  "",
  " ",
  "\u0000",
  "null",
  "true",
  "0",
  '"text"',
  "[]",
  "[{}]",
  "{}",
  "{",
  "}",
  "undefined",
  "NaN",
  "{'v':1}",
  '{"v":1,}',
  'a:1:{i:0;s:1:"a";}',
];

const brokenMembers: { readonly [Name in FormatName]: readonly object[] } = {
  native: [
    { v: 0 },
    { v: 2 },
    { v: "1" },
    { v: null },
    { v: undefined },
    { unknown: 1 },
    { __proto__: null, ...JSON.parse('{"__proto__":1}') },
    ...["createdAt", "updatedAt"].flatMap((name) =>
      [undefined, null, "1", 1.5, 1e300, true, [], {}].map((value) => ({ [name]: value })),
    ),
    ...[undefined, null, {}, "token", [1], [null], [["token"]]].map((tokens) => ({ tokens })),
    ...[undefined, null, [], "a", 1].map((attributes) => ({ attributes })),
    ...[undefined, null, [], "a", 1].map((flashes) => ({ flashes })),
    ...[null, {}, "a", [1], ["ab"], [[]], [["id"]], [["id", 1, 2]], [[1, 1]], [{ 0: "id", 1: 1 }]].map((notice) => ({
      flashes: { notice },
    })),
    { forward: { key: `session:${"a".repeat(43)}`, until: 1 } },
  ],
  express: [undefined, null, [], "a", 1, true].map((cookie) => ({ cookie })),
};

const brokenForwards: readonly object[] = [
  ...[
    undefined,
    null,
    1,
    "",
    "session:",
    "sess:abc",
    `session:${"a".repeat(42)}`,
    `Session:${"a".repeat(43)}`,
    ["a"],
  ].map((key) => ({ v: 1, forward: { key, until: Date.UTC(2027, 0, 1) } })),
  ...[undefined, null, "1", 1.5, 1e300, {}].map((until) => ({
    v: 1,
    forward: { key: `session:${"a".repeat(43)}`, until },
  })),
  ...[null, [], "a", 1, {}, { key: `session:${"a".repeat(43)}`, until: 1, more: 1 }].map((forward) => ({
    v: 1,
    forward,
  })),
  { v: 2, forward: { key: `session:${"a".repeat(43)}`, until: 1 } },
  { v: 1, forward: { key: `session:${"a".repeat(43)}`, until: 1 }, more: 1 },
];

describe.each(["native", "express"] as const)("a stored record in the %s format", (formatName) => {
  const whole = JSON.stringify(valid[formatName]);

  test("reads as it was written", async () => {
    const { fixture, id, store } = await start(formatName);
    await store(bytes(whole));
    const session = await opened(fixture.sessions, id);
    expect(session.copy("a")).toBe(secret);
    expect(session.flash.peek("notice")).toEqual([secret]);
  });

  test("that is truncated at any byte is corrupt, and is left unchanged", async () => {
    const { isCorrupt } = await start(formatName);
    for (let length = 0; length < bytes(whole).length; length += 1) await isCorrupt(bytes(whole).slice(0, length));
  });

  test("that is not a record is corrupt, and is left unchanged", async () => {
    const { isCorrupt } = await start(formatName);
    for (const text of nothing) await isCorrupt(bytes(text));
  });

  test("with anything before or after it is corrupt", async () => {
    const { isCorrupt } = await start(formatName);
    for (const garbage of ["x", "{}", "\u0000", ",", "\ufeff", "\u00a0", whole, "//", "1"]) {
      await isCorrupt(bytes(garbage + whole));
      await isCorrupt(bytes(whole + garbage));
    }
  });

  test("with anything inserted is corrupt, and no message quotes the surrounding text", async () => {
    const { isCorrupt } = await start(formatName);
    for (const garbage of ['"', "\\x", "\u0000", "\t"]) {
      await isCorrupt(bytes(whole.replace(secret, secret + garbage)));
    }
    for (const garbage of ["x", '"', "]", "//", "1"]) {
      await isCorrupt(bytes(whole.replace(`${secret}"`, `${secret}"${garbage}`)));
    }
  });

  test("that is not UTF-8 is corrupt", async () => {
    const { isCorrupt } = await start(formatName);
    const at = whole.indexOf(secret) + 3;
    for (const wrong of [[0xff], [0xc3, 0x28], [0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
      await isCorrupt(Uint8Array.of(...bytes(whole.slice(0, at)), ...wrong, ...bytes(whole.slice(at))));
    }
    await isCorrupt(new Uint8Array(Buffer.from(whole, "utf16le")));
  });

  test("with a missing, wrong or additional member is corrupt", async () => {
    const { isCorrupt } = await start(formatName);
    for (const wrong of brokenMembers[formatName])
      await isCorrupt(bytes(JSON.stringify({ ...valid[formatName], ...wrong })));
  });

  test("with a number out of range is corrupt, at any level", async () => {
    const { isCorrupt } = await start(formatName);
    for (const number of ["1e400", "-1e400", "[1e999]", '{"x":[[-1e309]]}'])
      await isCorrupt(bytes(whole.replace("10", number)));
  });

  test("with a duplicate name in an object is corrupt, however it is spelled", async () => {
    const { isCorrupt } = await start(formatName);
    const twice = [
      '{"x":1,"x":1}',
      '{"x":1,"\\u0078":2}',
      '{"\\u0078":1,"\\u0078":2}',
      '{"x":1,"y":{"z":1},"x":2}',
      '[[{"a":{"x":1,"x":2}}]]',
      '{"__proto__":1,"__proto__":2}',
      '{"__proto__":1,"\\u005f_proto__":2}',
      '{"":1,"":2}',
      '{"\\"":1,"\\u0022":2}',
      '{"a:b":1,"a:b":2}',
      '{"{":"}","{":1}',
      '{"x":"\\\\","x":2}',
      '{ "x" :1, "x" :2}',
    ];
    for (const json of twice) await isCorrupt(bytes(whole.replace("10", json)));
    for (const name of Object.keys(valid[formatName])) {
      await isCorrupt(bytes(`${whole.slice(0, -1)},"${name}":1}`));
      await isCorrupt(bytes(`${whole.slice(0, -1)},"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":1}`));
    }
  });

  test("with the same name in different objects, or in a string, is read", async () => {
    const { fixture, id, store } = await start(formatName);
    for (const json of [
      '[{"x":1},{"x":1}]',
      '{"x":{"x":{"x":1}},"y":1}',
      '{"x":"\\"x\\":1,\\"x\\":2","y":"{"}',
      '{ "x" : [ ] }',
    ]) {
      await store(bytes(whole.replace("10", json)));
      const session = await opened(fixture.sessions, id);
      expect(session.copy("deep")).toEqual([{ b: JSON.parse(json) }]);
    }
  });

  test("that is nested too deeply is corrupt, and crashes nothing", async () => {
    const { isCorrupt } = await start(formatName);
    for (const levels of [110, 1000, 100_000]) {
      const [open, close] = ["[".repeat(levels), "]".repeat(levels)];
      await isCorrupt(bytes(whole.replace('[{"b":10}]', open + close)));
      await isCorrupt(bytes(whole.replace('[{"b":10}]', '{"x":'.repeat(levels) + 1 + "}".repeat(levels))));
      await isCorrupt(bytes(open + close));
      await isCorrupt(bytes(whole.replace('[{"b":10}]', open)));
      await isCorrupt(bytes(open));
    }
  }, 20_000);

  test("that can be opened can be copied, and saved again, at whatever depth it is corrupt", async () => {
    const { fixture, id, store } = await start(formatName);
    for (let levels = 98; levels <= 110; levels += 1) {
      await store(bytes(whole.replace('[{"b":10}]', "[".repeat(levels) + "]".repeat(levels))));
      const session = await fixture.sessions.open(id).catch(() => undefined);
      if (session === undefined) continue;
      expect(() => session.copy("deep")).not.toThrow();
      session.update("deep", (value) => value);
      await session.save();
      if (formatName === "express") await subject.createExpressStore(fixture.sessions).get(id);
    }
  });

  test("of a megabyte, in another spelling, is read or corrupt, and never anything else", async () => {
    const { fixture, id, store } = await start(formatName);
    for (const json of [
      `"${"\\/".repeat(250_000)}"`,
      `"${"\\u0041".repeat(80_000)}"`,
      `[${"1 ,".repeat(150_000)}1]`,
      `{${Array.from({ length: 30_000 }, (_, index) => `"${index}" :1`).join(",")}}`,
    ]) {
      await store(bytes(whole.replace("10", json)));
      expect((await opened(fixture.sessions, id)).copy("deep")).toEqual([{ b: JSON.parse(json) }]);
    }
  });

  test("with names of Object.prototype at any level is plain data", async () => {
    const { fixture, id, store } = await start(formatName);
    const evil =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"toJSON":1,"then":1}';
    const attributes = `"__proto__":${evil},"constructor":${evil},"a":${evil},"valueOf":[${evil}]`;
    const flashes =
      formatName === "native"
        ? `"__proto__":[["__proto__",${evil}]],"constructor":[["x",${evil}]]`
        : `"__proto__":[${evil}],"constructor":[${evil}]`;
    const record =
      formatName === "native"
        ? `{"v":1,"createdAt":${fixture.clock.now()},"updatedAt":1,"tokens":["__proto__"],"attributes":{${attributes}},"flashes":{${flashes}}}`
        : `{"cookie":{"originalMaxAge":null,"__proto__":${evil}},${attributes},"flash":{${flashes}}}`;
    await store(bytes(record));
    const session = await opened(fixture.sessions, id);
    for (const name of ["__proto__", "constructor", "a"]) deepStrictEqual(session.copy(name), JSON.parse(evil));
    for (const type of ["__proto__", "constructor"]) expect(session.flash.take(type)).toHaveLength(1);
    session.set("a", 1);
    session.update("constructor", (value) => value);
    await session.save();
    await session.regenerate();
    const again = await opened(fixture.others, session.id);
    deepStrictEqual(again.copy("__proto__"), JSON.parse(evil));
    deepStrictEqual(again.copy("constructor"), JSON.parse(evil));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    if (formatName === "express") {
      const data = await subject.createExpressStore(fixture.sessions).get(session.id);
      expect((data as { polluted?: unknown } | undefined)?.polluted).toBeUndefined();
      expect((data?.cookie as { polluted?: unknown } | undefined)?.polluted).toBeUndefined();
    }
  });

  test("with any one byte changed is corrupt, or another record of which nothing is lost", async () => {
    const { fixture, id, store, isCorrupt } = await start(formatName);
    const format = fixture.format;
    const original = bytes(whole);
    for (let at = 0; at < original.length; at += 1) {
      for (const byte of [0x00, 0x20, 0x22, 0x2c, 0x2d, 0x30, 0x39, 0x5c, 0x5d, 0x65, 0x7b, 0x7d, 0x80, 0xff]) {
        const changed = Uint8Array.from(original);
        changed[at] = byte;
        if (decoded(format, changed) === undefined) {
          if (at % 16 === 0) await isCorrupt(changed);
          continue;
        }
        keepsAll(format, changed);
        await store(changed);
        const session = await fixture.sessions.open(id);
        if (session) expect(session.names().length).toBeGreaterThan(0);
      }
    }
  }, 20_000);

  test("of any bytes is corrupt or kept unchanged", () => {
    const format = createFixture(subject, formatName).format;
    const json = fc.jsonValue({ maxDepth: 4 }).map((value) => bytes(JSON.stringify(value)));
    const around = fc.jsonValue({ maxDepth: 3 }).map((value) => bytes(whole.replace("10", JSON.stringify(value))));
    const member = fc
      .tuple(fc.constantFrom(...Object.keys(valid[formatName])), fc.jsonValue({ maxDepth: 3 }))
      .map(([name, value]) => bytes(JSON.stringify({ ...valid[formatName], [name]: value })));
    const property = fc.property(fc.oneof(fc.uint8Array(), json, around, member), (data) => {
      if (decoded(format, data) !== undefined) keepsAll(format, data);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test("that is corrupt can be ended", async () => {
    const { fixture, id, store, key } = await start(formatName);
    await store(bytes("{"));
    await fixture.sessions.destroy(id);
    expect(await fixture.store.read(key)).toBeUndefined();
  });
});

describe("a forward", () => {
  test("of another shape is corrupt, and is left unchanged", async () => {
    const { isCorrupt } = await start("native");
    for (const forward of brokenForwards) await isCorrupt(bytes(JSON.stringify(forward)));
  });

  test("with a duplicate name is corrupt", async () => {
    const { isCorrupt } = await start("native");
    const forward = `"key":"session:${"a".repeat(43)}","until":9999999999999`;
    await isCorrupt(bytes(`{"v":1,"forward":{${forward},"until":1}}`));
    await isCorrupt(bytes(`{"v":1,"forward":{${forward}},"forward":{${forward}}}`));
  });

  test("that leads to itself, or in a circle, is an error and not a session", async () => {
    const { fixture, id, key, store } = await start("native");
    const other = await given(fixture, { a: 1 });
    const otherKey = await fixture.format.keyOf(other);
    const until = fixture.clock.now() + 30_000;
    await store(bytes(JSON.stringify({ v: 1, forward: { key, until } })));
    await expect(fixture.sessions.open(id)).rejects.toMatchObject({ code: "corrupt" });
    await store(bytes(JSON.stringify({ v: 1, forward: { key: otherKey, until } })));
    await fixture.store.destroy(otherKey);
    await put(fixture, otherKey, bytes(JSON.stringify({ v: 1, forward: { key, until } })));
    await expect(fixture.sessions.open(id)).rejects.toMatchObject({ code: "corrupt" });
    await fixture.sessions.destroy(id);
    expect(await fixture.store.read(key)).toBeUndefined();
  });

  test("that leads nowhere is not a session", async () => {
    const { fixture, id, store } = await start("native");
    const until = fixture.clock.now() + 30_000;
    await store(bytes(JSON.stringify({ v: 1, forward: { key: `session:${"a".repeat(43)}`, until } })));
    expect(await fixture.sessions.open(id)).toBeUndefined();
  });
});

describe("foreign records of express-session", () => {
  const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };

  test("are read in any spelling, and keep unknown members", async () => {
    const { fixture, id, store, key } = await start("express");
    const record = {
      cookie: { ...cookie, priority: "high", partitioned: true },
      a: 1,
      passport: { user: [1] },
      flash: "none",
    };
    await store(bytes(` ${JSON.stringify(record, undefined, "\t")}\r\n`));
    const session = await opened(fixture.sessions, id);
    session.set("a", 2);
    await session.save();
    expect(JSON.parse(text((await fixture.store.read(key))?.data) ?? "")).toEqual({ ...record, a: 2 });
  });

  test("with a flash that is not of connect-flash keep it as an attribute", async () => {
    const { fixture, id, store, key } = await start("express");
    for (const flash of ["text", 1, null, [], ["a"], { info: "a" }, { info: ["a"], error: {} }]) {
      await store(bytes(JSON.stringify({ cookie, flash })));
      const session = await opened(fixture.sessions, id);
      expect(session.copy("flash")).toEqual(flash);
      expect(session.flash.types()).toEqual([]);
      session.set("a", 1);
      await session.save();
      expect(JSON.parse(text((await fixture.store.read(key))?.data) ?? "")).toEqual({ cookie, flash, a: 1 });
    }
  });

  test("that are corrupt are errors to express-session, by callback and by promise", async () => {
    const { fixture, id, store } = await start("express");
    await store(bytes("[]"));
    const expressStore = subject.createExpressStore(fixture.sessions);
    await expect(expressStore.get(id)).rejects.toMatchObject({ code: "corrupt" });
    const told = await new Promise<unknown[]>((resolve) => expressStore.get(id, (...answer) => resolve(answer)));
    expect(told[0]).toMatchObject({ code: "corrupt" });
    expect(told[1]).toBeUndefined();
  });
});

interface Start {
  readonly fixture: Fixture;
  readonly id: string;
  readonly key: string;
  /** Puts these bytes in the place of the session. */
  store(data: Uint8Array): Promise<StoredSession>;
  /** Everything that looks at the session says that it is corrupt, and leaves it as it is. */
  isCorrupt(data: Uint8Array): Promise<void>;
}

async function start(formatName: FormatName): Promise<Start> {
  const fixture = createFixture(subject, formatName);
  const id = await given(fixture, { a: secret });
  const key = await fixture.format.keyOf(id);
  const holder = await opened(fixture.sessions, id);
  holder.set("b", secret);
  const store = async (data: Uint8Array) => {
    await fixture.store.destroy(key);
    return put(fixture, key, data);
  };
  return {
    fixture,
    id,
    key,
    store,
    async isCorrupt(data) {
      const before = await store(data);
      for (const look of looks) await saysCorrupt(look(fixture, holder, id), [secret, id, key]);
      const after = (await fixture.store.read(key)) ?? expect.fail("It is gone.");
      // Not by toEqual, which takes a second for a megabyte.
      expect([after.version, Buffer.compare(after.data, before.data)]).toEqual([before.version, 0]);
      expect([holder.id, holder.isChanged, holder.hasEnded]).toEqual([id, true, false]);
    },
  };
}

const looks: readonly ((fixture: Fixture, holder: Session, id: string) => Promise<unknown>)[] = [
  ({ sessions }, _, id) => sessions.open(id),
  ({ sessions }, _, id) => sessions.open(id, { keepAlive: false }),
  ({ sessions }, _, id) => sessions.update(id, (draft) => draft.set("c", 1)),
  (_, holder) => holder.refresh(),
  (_, holder) => holder.save(),
  (_, holder) => holder.regenerate(),
];

async function saysCorrupt(looking: Promise<unknown>, secrets: readonly string[]): Promise<void> {
  const error: unknown = await looking.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isSessionError(error)) expect.fail("It did not reject as it should.");
  expect(error.code).toBe("corrupt");
  const said = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error);
  for (const secret of secrets) if (said.includes(secret)) expect.fail("The error tells what it should not.");
}

async function put({ store }: Fixture, key: string, data: Uint8Array): Promise<StoredSession> {
  await store.write(key, data, { replaces: undefined, ttlSeconds: 600 });
  return (await store.read(key)) ?? expect.fail("It was not stored.");
}

/** `undefined` for what is corrupt; anything else that is thrown goes on. */
function decoded(format: SessionFormat, data: Uint8Array): ReturnType<SessionFormat["decode"]> | undefined {
  try {
    return format.decode(data);
  } catch (error) {
    if (isSessionError(error) && error.code === "corrupt") return undefined;
    throw error;
  }
}

/** What was read is written again as the same data. */
function keepsAll(format: SessionFormat, data: Uint8Array): void {
  const written = format.encode(format.decode(data));
  expect(whatStands(written)).toEqual(whatStands(data));
}

/** Without minus zero. */
function whatStands(data: Uint8Array): unknown {
  return JSON.parse(JSON.stringify(JSON.parse(text(data) ?? "")));
}
