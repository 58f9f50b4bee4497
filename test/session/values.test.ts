import { deepStrictEqual } from "node:assert/strict";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { createSessionManager, expressFormat, type Session } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, expect, test } from "vitest";
import { createFixture, type Fixture, given, opened, stored } from "./fixture.ts";
import { subject } from "./subject.ts";

/** Values that only some runtimes have. */
const refused: readonly (readonly [string, () => unknown])[] = [
  ["a Buffer", () => Buffer.from("a")],
  ["a Date of another realm", () => runInNewContext("new Date(0)")],
  ["a Map of another realm", () => runInNewContext("new Map()")],
];

const taken: readonly (readonly [string, () => unknown, unknown])[] = [
  ["an object of another realm", () => runInNewContext("({ a: [1, { b: null }] })"), { a: [1, { b: null }] }],
  ["an array of another realm", () => runInNewContext("[[1]]"), [[1]]],
];

describe.each(["native", "express"] as const)("in the %s format", (formatName) => {
  async function start(attributes: object = { kept: 1 }): Promise<{ fixture: Fixture; id: string; session: Session }> {
    const fixture = createFixture(subject, formatName);
    const id = await given(fixture, { ...attributes });
    return { fixture, id, session: await opened(fixture.sessions, id) };
  }

  test.each(refused)("%s is refused when it is set, at any level", async (_, make) => {
    const { session } = await start();
    for (const value of [make(), [make()], { a: { b: make() } }]) {
      expect(() => session.set("a", value)).toThrow(TypeError);
      expect(() => session.flash.add("a", value)).toThrow(TypeError);
      expect(() => session.update("kept", () => value)).toThrow(TypeError);
    }
    expect(session.isChanged).toBe(false);
    expect(session.get("kept")).toBe(1);
    expect(session.names()).toEqual(["kept"]);
    expect(session.flash.types()).toEqual([]);
  });

  test.each(taken)("%s is accepted", async (_, make, expected) => {
    const fixture = createFixture(subject, formatName);
    const session = await fixture.sessions.create();
    session.set("a", make());
    session.flash.add("a", make());
    session.update("b", () => make());
    deepStrictEqual(session.copy("a"), expected);
    await session.save();
    deepStrictEqual(await stored(fixture, session.id), { a: expected, b: expected });
  });

  test("no message of a refusal contains the value", async () => {
    const { session } = await start();
    for (const value of [{ secret: () => "secret" }, ["secret", undefined], { secret: 987_654_321n }]) {
      const error = thrownBy(() => session.set("a", value));
      expect(String(error)).not.toMatch(/secret|987/);
    }
  });

  test("an error of a getter or a proxy is thrown, and nothing has changed", async () => {
    const { session } = await start();
    const mine = new Error("mine");
    const fail = () => {
      throw mine;
    };
    const values = [
      Object.defineProperty({}, "a", { get: fail, enumerable: true }),
      new Proxy({}, { ownKeys: fail }),
      new Proxy([1], { get: fail }),
      new Proxy({}, { getPrototypeOf: fail }),
    ];
    for (const value of values) expect(thrownBy(() => session.set("a", value))).toBe(mine);
    expect(session.isChanged).toBe(false);
  });

  test("a value is read once, when it is set", async () => {
    const { fixture, id, session } = await start();
    let reads = 0;
    const value = Object.defineProperty({}, "a", { get: () => ++reads, enumerable: true });
    session.set("value", value);
    expect([session.get("value"), session.get("value")]).toEqual([{ a: 1 }, { a: 1 }]);
    await session.save();
    expect((await stored(fixture, id))?.value).toEqual({ a: 1 });
    expect(reads).toBe(1);
  });

  test("names are strings, and nothing else", async () => {
    const { session } = await start();
    for (const name of [undefined, null, 1, {}, [], Symbol("s"), new String("a")] as unknown as string[]) {
      for (const act of [
        () => session.get(name),
        () => session.copy(name),
        () => session.has(name),
        () => session.set(name, 1),
        () => session.delete(name),
        () => session.update(name, () => 1),
        () => session.flash.add(name, 1),
        () => session.flash.take(name),
        () => session.flash.peek(name),
        () => session.metadata.get(name),
      ]) {
        expect(act).toThrow(TypeError);
      }
    }
    expect(session.isChanged).toBe(false);
  });

  test("any JSON returns unchanged, under any name", async () => {
    const fixture = createFixture(subject, formatName);
    const property = fc.asyncProperty(
      fc.dictionary(name(), fc.jsonValue({ maxDepth: 6 })),
      fc.dictionary(fc.string(), fc.array(fc.jsonValue(), { minLength: 1, maxLength: 3 })),
      async (attributes, flashes) => {
        const session = await fixture.sessions.create();
        session.set("always", 1);
        for (const [name, value] of Object.entries(attributes)) session.set(name, value);
        for (const [type, values] of Object.entries(flashes))
          for (const value of values) session.flash.add(type, value);
        await session.save();
        const again = await opened(fixture.others, session.id);
        const copies = again.names().map((name) => [name, again.copy(name)]);
        deepStrictEqual(sorted(copies), sorted(Object.entries({ ...plain(attributes), always: 1 })));
        const messages = again.flash.types().map((type) => [type, plain(again.flash.peek(type))]);
        deepStrictEqual(sorted(messages), sorted(Object.entries(plain(flashes))));
      },
    );
    await fc.assert(property, {
      numRuns: 200,
      examples: [
        [JSON.parse('{"__proto__":{"__proto__":1}}'), JSON.parse('{"__proto__":[{"__proto__":1}]}')],
        [{ "\ud800": "\udfff", "": "\u2028" }, { "": [""] }],
        [{ constructor: 1, toString: [], hasOwnProperty: {} }, { constructor: [null] }],
      ],
    });
  });

  test("a value that fits to the last byte is accepted, and one that does not is never stored", async () => {
    const property = fc.asyncProperty(
      fc.dictionary(name(), fc.jsonValue({ maxDepth: 4 })),
      fc.dictionary(fc.string(), fc.array(fc.jsonValue(), { minLength: 1, maxLength: 3 })),
      async (attributes, flashes) => {
        const storedBytes = async (maxBytes: number) => {
          const store = createMemoryHandler({ maxBytes });
          const { process } = createFixture(subject, formatName);
          const session = await process({ handler: store }).create();
          session.set("always", 1);
          for (const [name, value] of Object.entries(attributes)) session.set(name, value);
          for (const [type, values] of Object.entries(flashes))
            for (const value of values) session.flash.add(type, value);
          await session.save();
          const [key = ""] = (await store.list()).ids;
          return (await store.read(key))?.data.byteLength ?? 0;
        };
        const bytes = await storedBytes(1_048_576);
        expect(await storedBytes(bytes)).toBe(bytes);
        await expect(storedBytes(bytes - 1)).rejects.toMatchObject({ code: "too-large", outcome: "not-applied" });
      },
    );
    await fc.assert(property, {
      numRuns: 200,
      examples: [
        [{}, {}],
        [{ "": [], a: {}, b: [[]], c: -0 }, { "": [null] }],
      ],
    });
  });

  test("a handler that declares no limit is not asked to store more than 16 MiB", async () => {
    const fixture = createFixture(subject, formatName);
    const session = await fixture.sessions.create();
    expect(() => session.set("a", "x".repeat(2 ** 24))).toThrow(expect.objectContaining({ code: "too-large" }));
    expect(() => session.set("x".repeat(2 ** 24), "a")).toThrow(expect.objectContaining({ code: "too-large" }));
    session.set("a", "x".repeat(2 ** 24 - 100));
    session.set("b", 1);
    expect(fixture.handler.calls).toEqual([]);
  });

  test("the same value is the same object, as long as nothing replaces it", async () => {
    const { session } = await start({ value: { list: [{ a: 1 }] } });
    const seen = session.get("value") as { list: object[] };
    expect(session.get("value")).toBe(seen);
    expect((session.get("value") as { list: object[] }).list[0]).toBe(seen.list[0]);
    session.set("other", 1);
    expect(session.get("value")).toBe(seen);
    session.set("value", { list: [{ a: 1 }] });
    expect(session.get("value")).not.toBe(seen);
  });
});

/** A name that both formats have a place for, and say nothing special about. */
function name(): fc.Arbitrary<string> {
  return fc.string({ unit: "binary" }).filter((name) => !["cookie", "flash", "always"].includes(name));
}

function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

function sorted(entries: readonly (readonly unknown[])[]): unknown {
  return [...entries].sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
}

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return expect.fail("Nothing was thrown.");
}

test("the metadata of a session take room that attributes then lack, until others replace them", async () => {
  await using sessions = createSessionManager({
    handler: createMemoryHandler({ maxBytes: 2000 }),
    format: expressFormat(),
  });
  const session = await sessions.create();
  session.metadata.set("cookie", { path: "/".repeat(1200) });
  expect(() => session.set("a", "x".repeat(1000))).toThrow(expect.objectContaining({ code: "too-large" }));
  session.metadata.set("cookie", { path: "/" });
  session.set("a", "x".repeat(1000));
  expect(session.get("a")).toBe("x".repeat(1000));
});

test("the native format accepts every name that its own record uses (law 99)", async () => {
  const fixture = createFixture(subject, "native");
  const values = { v: 2, tokens: "none", forward: { key: "x", until: 1 }, createdAt: "never", cookie: {}, data: 1 };
  expect(await stored(fixture, await given(fixture, values))).toEqual(values);
});
