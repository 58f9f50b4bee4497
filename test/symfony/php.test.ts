import type { Json } from "sessionwire";
import { opaqueBytes } from "sessionwire/backend";
import { describe, expect, test } from "vitest";
import { nodeOf } from "../../adapters/symfony/values/fresh-nodes.ts";
import { php } from "../../adapters/symfony/values/php.ts";
import { PhpValue } from "../../adapters/symfony/values/php-value.ts";
import { read, textOf } from "./values/read.ts";

const bytes = Uint8Array.of(0xff);

describe("plain data is written as PHP makes it of the same JSON:", () => {
  test.each<[unknown, string]>([
    [null, "N;"],
    [false, "b:0;"],
    [1, "i:1;"],
    [-0, "i:0;"],
    [1.5, "d:1.5;"],
    [Number.MAX_SAFE_INTEGER, "i:9007199254740991;"],
    [2 ** 53, "d:9007199254740992;"],
    [1e20, "d:1.0E+20;"],
    ["é", 's:2:"Ã©";'],
    [[], "a:0:{}"],
    [{}, "a:0:{}"],
    [["a"], 'a:1:{i:0;s:1:"a";}'],
    [{ a: { 7: null } }, 'a:1:{s:1:"a";a:1:{i:7;N;}}'],
    [{ "-0": 1, "01": 2, "-9223372036854775808": 3 }, 'a:3:{s:2:"-0";i:1;s:2:"01";i:2;i:-9223372036854775808;i:3;}'],
    [JSON.parse('{"__proto__":1}'), 'a:1:{s:9:"__proto__";i:1;}'],
    [Object.assign(Object.create(null), { a: 1 }), 'a:1:{s:1:"a";i:1;}'],
  ])("%j", (value, text) => {
    expect(textOf(nodeOf(value))).toBe(text);
  });
});

describe("a value of a certain type", () => {
  test.each<[string, PhpValue, string]>([
    ["a float", php.float(1), "d:1;"],
    ["minus zero", php.float(-0), "d:-0;"],
    ["infinity", php.float(-Infinity), "d:-INF;"],
    ["an integer", php.int(7), "i:7;"],
    ["a bigint", php.int(-(2n ** 63n)), "i:-9223372036854775808;"],
    ["digits", php.int("+9223372036854775807"), "i:9223372036854775807;"],
    ["bytes", php.bytes(bytes), 's:1:"ÿ";'],
    ["bytes of text", php.bytes(new TextEncoder().encode("é")), 's:2:"Ã©";'],
    ["a list", php.list(new Set([1, php.float(2)])), "a:2:{i:0;i:1;i:1;d:2;}"],
    ["a map", php.map([["b", 1], ["5", 2], [3, [php.int(3)]]]), 'a:3:{s:1:"b";i:1;i:5;i:2;i:3;a:1:{i:0;i:3;}}'], // biome-ignore format: one row
    ["a key that comes twice", php.map([["1", 1], [2n, 2], [1, 3]]), "a:2:{i:1;i:3;i:2;i:2;}"], // biome-ignore format: one row
    ["a key of bytes", php.map(new Map([[bytes, 1]])), 'a:1:{s:1:"ÿ";i:1;}'],
    ["a key of bytes that are digits", php.map([[Uint8Array.of(0x37), 1]]), "a:1:{i:7;i:1;}"],
  ])("is written as such: %s", (_, value, text) => {
    expect(value).toBeInstanceOf(PhpValue);
    expect(textOf(nodeOf(value))).toBe(text);
    expect(textOf(nodeOf([value]))).toBe(`a:1:{i:0;${text}}`);
    expect(value[opaqueBytes]).toBeLessThanOrEqual(text.length);
  });

  test("can be read before it is stored", () => {
    const object = read('O:1:"A":0:{}').json;
    const list = php.list([object, 1, { a: object }]);
    expect(list.kind).toBe("array");
    expect(list.get("0")).toBe(object);
    expect((list.get("2") as { a: Json }).a).toBe(object);
    expect(php.map([["a", list]]).get("a")).toEqual([object, 1, { a: object }]);
    expect(php.int(2n ** 60n).value).toBe(2n ** 60n);
    expect(php.bytes(new TextEncoder().encode("é"))).toMatchObject({ kind: "string", value: "é" });
  });

  test("does not change with what it was made of", () => {
    const [own, items] = [Uint8Array.of(0xff), [[1]]];
    const [text, list] = [php.bytes(own), php.list(items)];
    own[0] = 0;
    items[0]?.push(2);
    expect(text.bytes).toEqual(bytes);
    expect(list.get("0")).toEqual([1]);
  });
});

describe("no value is made of", () => {
  test.each<[string, () => unknown, ErrorConstructor | RangeErrorConstructor | TypeErrorConstructor]>([
    ["a float of text", () => php.float("1" as never), TypeError],
    ["an integer with a fraction", () => php.int(1.5), RangeError],
    ["an unsafe number", () => php.int(2 ** 53), RangeError],
    ["65 bits", () => php.int(2n ** 63n), RangeError],
    ["digits of 65 bits", () => php.int("-9223372036854775809"), RangeError],
    ["no digits", () => php.int(""), TypeError],
    ["digits in hexadecimal", () => php.int("0x1"), TypeError],
    ["an integer of nothing", () => php.int(undefined as never), TypeError],
    ["bytes of text", () => php.bytes("a" as never), TypeError],
    ["a list of text", () => php.list("ab"), TypeError],
    ["a list of an object", () => php.list({} as never), TypeError],
    ["a list of functions", () => php.list([() => 1]), TypeError],
    ["a map without pairs", () => php.map(["ab"] as never), TypeError],
    ["a map with a key that is null", () => php.map([[null as never, 1]]), TypeError],
    ["a map with a fraction as a key", () => php.map([[1.5, 1]]), RangeError],
    ["a map with a key of 65 bits", () => php.map([[2n ** 64n, 1]]), RangeError],
  ])("%s", (_, make, kind) => {
    expect(make).toThrow(kind);
  });

  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["a hole", new Array(1)],
    ["a bigint", 1n],
    ["NaN", Number.NaN],
    ["a Date", new Date(0)],
    ["a Map", new Map()],
    ["bytes", bytes],
    ["half of a surrogate pair", "\ud800"],
    ["half of a surrogate pair in a name", { "\udc00": 1 }],
    ["a class", new (class A {})()],
  ])("plain data with %s", (_, value) => {
    for (const within of [value, [value], { a: value }]) expect(() => nodeOf(within)).toThrow(TypeError);
  });

  test("a cycle", () => {
    const list: unknown[] = [];
    list.push(list);
    expect(() => php.list(list)).toThrow(/a cycle/);
  });
});
