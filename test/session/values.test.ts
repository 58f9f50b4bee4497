import { deepStrictEqual } from "node:assert/strict";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import type { Session } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, expect, test } from "vitest";
import { createFixture, type Fixture, given, opened, stored } from "./fixture.ts";
import { subject } from "./subject.ts";

class Account {
  readonly name = "a";
}

class Numbers extends Array<number> {}

function nested(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level += 1) value = level % 2 ? { value } : [value];
  return value;
}

function cycle(): unknown {
  const objects: Record<string, unknown> = { list: [] };
  (objects.list as unknown[]).push(objects);
  return objects;
}

const refused: readonly (readonly [string, () => unknown])[] = [
  ["undefined", () => undefined],
  ["a BigInt", () => 1n],
  ["a function", () => () => 1],
  ["a symbol", () => Symbol("s")],
  ["NaN", () => Number.NaN],
  ["Infinity", () => Infinity],
  ["minus Infinity", () => -Infinity],
  ["a Date", () => new Date(0)],
  ["an invalid Date", () => new Date(Number.NaN)],
  ["a Map", () => new Map([["a", 1]])],
  ["a Set", () => new Set()],
  ["a RegExp", () => /a/],
  ["an Error", () => new Error("e")],
  ["a promise", () => Promise.resolve(1)],
  ["bytes", () => new Uint8Array(2)],
  ["a Buffer", () => Buffer.from("a")],
  ["a String object", () => new String("a")],
  ["a Number object", () => new Number(1)],
  ["an object of a class", () => new Account()],
  ["an array of a class", () => Numbers.from([1])],
  ["an object of a class that extends null", () => Object.create(Object.create(null, { method: { value: () => 1 } }))],
  ["a member named by a symbol", () => ({ [Symbol("s")]: 1 })],
  ["an object with a toJSON", () => ({ toJSON: () => 1 })],
  ["a cycle", cycle],
  ["101 levels", () => nested(101)],
  ["5000 levels", () => nested(5000)],
  ["an array with a hole", () => Object.assign(new Array(2), { 0: 1 })],
  ["an array of nothing but holes", () => new Array(3)],
  ["an array with a property of its own", () => Object.assign([1], { extra: 1 })],
  ["an array with a hole and a property of its own", () => Object.assign(new Array(1), { extra: 1 })],
  ["an array with an undefined", () => [undefined]],
  ["a Date of another realm", () => runInNewContext("new Date(0)")],
  ["a Map of another realm", () => runInNewContext("new Map()")],
  ["a proxy around a Date", () => new Proxy(new Date(0), {})],
];

const taken: readonly [string, () => unknown, unknown?][] = [
  ["an object without a prototype", () => Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ["an object of another realm", () => runInNewContext("({ a: [1, { b: null }] })"), { a: [1, { b: null }] }],
  ["an array of another realm", () => runInNewContext("[[1]]"), [[1]]],
  ["a proxy around plain data", () => new Proxy({ a: new Proxy([1], {}) }, {}), { a: [1] }],
  [
    "what a getter gives",
    () => ({
      get a() {
        return 1;
      },
    }),
    { a: 1 },
  ],
  ["frozen data", () => Object.freeze({ a: Object.freeze([1]) }), { a: [1] }],
  ["minus zero, as zero", () => [-0, { a: -0 }], [0, { a: 0 }]],
  ["100 levels", () => nested(100)],
  [
    "one object in two places",
    () => {
      const one = { a: 1 };
      return [one, one];
    },
    [{ a: 1 }, { a: 1 }],
  ],
  ["members that are not enumerable, without them", () => Object.defineProperty({ a: 1 }, "b", { value: 1 }), { a: 1 }],
  ["a member __proto__", () => JSON.parse('{"__proto__":{"a":1}}')],
  ["an object that looks like a class", () => ({ constructor: { prototype: {} } })],
  ["the empty text, null and false", () => ["", null, false]],
];

describe.each(["native", "express"] as const)("in the %s format", (formatName) => {
  async function start(attributes: object = { kept: 1 }): Promise<{ fixture: Fixture; id: string; session: Session }> {
    const fixture = createFixture(subject, formatName);
    const id = await given(fixture, { ...attributes });
    return { fixture, id, session: await opened(fixture.sessions, id) };
  }

  test.each(refused)("%s is refused where it is set, at any place", async (_, make) => {
    const { session } = await start();
    for (const value of [make(), [make()], { a: { b: make() } }]) {
      expect(() => session.set("a", value)).toThrow(TypeError);
      expect(() => session.flash.add("a", value)).toThrow(TypeError);
      expect(() => session.update("kept", () => (value === undefined ? [value] : value))).toThrow(TypeError);
    }
    expect(session.isChanged).toBe(false);
    expect(session.get("kept")).toBe(1);
    expect(session.names()).toEqual(["kept"]);
    expect(session.flash.types()).toEqual([]);
  });

  test.each(taken)("%s is taken", async (_, make, expected = make()) => {
    const fixture = createFixture(subject, formatName);
    const session = await fixture.sessions.create();
    session.set("a", make());
    session.flash.add("a", make());
    session.update("b", () => make());
    deepStrictEqual(session.copy("a"), expected);
    await session.save();
    deepStrictEqual(await stored(fixture, session.id), { a: expected, b: expected });
  });

  test("no message of a refusal says what the value says", async () => {
    const { session } = await start();
    for (const value of [{ secret: () => "secret" }, ["secret", undefined], { secret: 987_654_321n }]) {
      const error = thrownBy(() => session.set("a", value));
      expect(String(error)).not.toMatch(/secret|987/);
    }
  });

  test("what a getter or a proxy throws is thrown, and nothing has changed", async () => {
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

  test("names are texts, and nothing else", async () => {
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

  test("any JSON comes back as it was, under any name", async () => {
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

  test("what has room is taken to the last byte, and what has none is never stored", async () => {
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
        await expect(storedBytes(bytes - 1)).rejects.toMatchObject({ code: "too_large", outcome: "not-applied" });
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

  test("of a handler that does not say its limit, more than 16 MiB are refused before it is asked", async () => {
    const fixture = createFixture(subject, formatName);
    const session = await fixture.sessions.create();
    expect(() => session.set("a", "x".repeat(2 ** 24))).toThrow(expect.objectContaining({ code: "too_large" }));
    expect(() => session.set("x".repeat(2 ** 24), "a")).toThrow(expect.objectContaining({ code: "too_large" }));
    session.set("a", "x".repeat(2 ** 24 - 100));
    session.set("b", 1);
    expect(fixture.handler.calls).toEqual([]);
  });

  test("whatever is set and deleted, in whatever order, what is stored is what is seen", async () => {
    const command = fc.oneof(
      fc.record({
        do: fc.constant("set" as const),
        name: fc.constantFrom("a", "b", "__proto__"),
        value: fc.jsonValue(),
      }),
      fc.record({ do: fc.constant("delete" as const), name: fc.constantFrom("a", "b", "__proto__") }),
      fc.record({ do: fc.constantFrom("save" as const, "refresh" as const, "someone else saves" as const) }),
    );
    const property = fc.asyncProperty(fc.array(command, { maxLength: 20 }), async (commands) => {
      const { fixture, id, session } = await start();
      const expected = new Map<string, unknown>([["kept", 1]]);
      for (const { do: act, ...given } of commands) {
        const { name = "", value } = given as { name?: string; value?: unknown };
        if (act === "set") session.set(name, value);
        if (act === "set") expected.set(name, plain(value));
        if (act === "delete") session.delete(name);
        if (act === "delete") expected.delete(name);
        if (act === "save") await session.save();
        if (act === "refresh") await session.refresh();
        if (act === "someone else saves") await fixture.others.update(id, (draft) => draft.set("theirs", 1));
        deepStrictEqual(sorted(copiesOf(session)), sorted([...expected]));
      }
      await session.save();
      deepStrictEqual(sorted(copiesOf(await opened(fixture.others, id))), sorted([...expected]));
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test("what get hands out is frozen at every level, and plain data for everybody who reads it", async () => {
    const property = fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), async (value) => {
      const { session } = await start({ value });
      const seen = session.get("value");
      for (const part of partsOf(seen)) {
        expect(Object.isFrozen(part)).toBe(true);
        expect(() => Object.assign(part, { added: 1 })).toThrow(TypeError);
        expect(() => Object.setPrototypeOf(part, null)).toThrow(TypeError);
        for (const key of Object.keys(part)) expect(() => Reflect.deleteProperty(part, key)).toThrow(TypeError);
      }
      expect(Array.isArray(seen)).toBe(Array.isArray(value));
      deepStrictEqual(JSON.parse(JSON.stringify(seen)), plain(value));
      deepStrictEqual(session.copy("value"), plain(value));
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test("a copy is free: nothing of it is frozen or shared", async () => {
    const value = { list: [{ a: 1 }], object: { b: 1 } };
    const { session } = await start({ value });
    const copy = session.copy("value") as typeof value;
    for (const part of partsOf(copy)) expect(Object.isFrozen(part)).toBe(false);
    copy.list.push({ a: 2 });
    copy.object.b = 2;
    expect(session.copy("value")).toEqual(value);
    expect(session.isChanged).toBe(false);
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

function copiesOf(session: Session): [string, unknown][] {
  const names = session.names().filter((name) => name !== "theirs");
  return names.map((name) => [name, session.copy(name)]);
}

function partsOf(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(partsOf)];
}

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return expect.fail("Nothing was thrown.");
}
