import { inspect } from "node:util";
import { isJsonObject, isOpaqueValue, opaqueBytes } from "sessionwire/backend";
import { describe, expect, test } from "vitest";
import { PhpValue } from "../../adapters/symfony/values/php-value.ts";
import { attributesOf, read } from "./values/read.ts";

/** A value that is expected to be opaque. */
function opaque(value: unknown): PhpValue {
  if (value instanceof PhpValue) return value;
  throw new TypeError("It is plain data.");
}

describe("what JSON can represent is plain data:", () => {
  test.each([
    ["N;", null],
    ["b:1;", true],
    ["i:-5;", -5],
    ["d:1;", 1],
    ["d:0.5;", 0.5],
    ['s:4:"\u00f0\u009f\u0098\u0080";', "😀"],
    ["a:0:{}", []],
    ['a:2:{i:0;s:1:"a";i:1;a:0:{}}', ["a", []]],
    ['a:2:{i:1;s:1:"a";i:0;s:1:"b";}', { 0: "b", 1: "a" }],
    ['a:2:{s:1:"a";i:1;i:-7;i:2;}', { a: 1, "-7": 2 }],
    ['a:1:{s:2:"42";i:1;}', { 42: 1 }],
    ["a:1:{i:9223372036854775807;i:1;}", { "9223372036854775807": 1 }],
    ["a:2:{i:0;i:1;i:0;i:2;}", [2]],
    ["a:3:{i:1;i:1;i:0;i:2;i:1;i:3;}", { 0: 2, 1: 3 }],
    ['a:2:{s:1:"a";i:1;s:1:"a";i:2;}', { a: 2 }],
  ])("%s", (text, json) => {
    expect(read(text).json).toStrictEqual(json);
  });

  test("arrays of PHP have their own members only, whatever these are called", () => {
    const { o: object, __proto__: member } = attributesOf("arr-proto-keys");
    expect(member).toEqual({ polluted: true });
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(Object.keys(object as object)).toEqual(["__proto__", "constructor", "toString", "hasOwnProperty"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("arrays up to 100 levels deep, and the next one is opaque", () => {
    const nested = (levels: number) => `${"a:1:{i:0;".repeat(levels)}i:1;${"}".repeat(levels)}`;
    expect(JSON.stringify(read(nested(100)).json)).toBe(`${"[".repeat(100)}1${"]".repeat(100)}`);
    let value: unknown = read(nested(4096)).json;
    for (let level = 0; level < 100; level += 1) value = (value as unknown[])[0];
    expect(opaque(value).kind).toBe("array");
    expect(opaque(value).names()).toEqual(["0"]);
    expect(opaque(value).get("0")).toBeInstanceOf(Array);
  });
});

describe("an object", () => {
  const cart = opaque(attributesOf("obj-visibility").cart);

  test("has a kind, a class and properties, whatever their visibility", () => {
    expect(cart).toMatchObject({ kind: "object", className: "App\\Cart" });
    expect(cart.names()).toEqual(["currency", "items", "total", "note"]);
    expect(cart.names().map((name) => cart.get(name))).toEqual(["EUR", { "A-1": 1, B: 1 }, 1000, null]);
    expect(cart.get("unknown")).toBeUndefined();
    expect(cart.get("\0*\0items")).toEqual({ "A-1": 1, B: 1 });
  });

  test("may have private properties of several classes with one name", () => {
    const text = 'O:1:"B":3:{s:5:"~A~id";i:1;s:5:"~B~id";i:2;s:4:"~A~n";i:3;}';
    const value = opaque(read(text).json);
    expect(value.names()).toEqual(["id", "n"]);
    expect([value.get("id"), value.get("id", "A"), value.get("id", "B"), value.get("id", "C")]).toEqual([
      ...[2, 1, 2, undefined],
    ]);
    expect([value.get("n"), value.get("n", "A"), value.get("n", "B")]).toEqual([3, 3, undefined]);
  });

  test("may have numbers as the names of properties, and be of a class whose name is not UTF-8", () => {
    const value = opaque(read('O:2:"A\u00ff":2:{i:0;s:1:"a";s:1:"1";s:1:"b";}').json);
    expect(value.className).toBe("A\u00ff");
    expect(value.names()).toEqual(["0", "1"]);
    expect([value.get("0"), value.get("1")]).toEqual(["a", "b"]);
  });

  test("is read property by property in linear time", () => {
    const count = 20_000;
    const properties = Array.from({ length: count }, (_, index) => `i:${index};i:1;`).join("");
    const value = opaque(read(`O:1:"A":${count}:{${properties}}`).json);
    const start = process.cpuUsage(); // the time of the clock says little on a busy machine
    expect(value.names().every((name) => value.get(name) === 1)).toBe(true);
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
  });

  test("is the same PhpValue at each occurrence, also within itself", () => {
    const tree = opaque(attributesOf("ref-cyclic-object").tree);
    const [child] = tree.get("children") as unknown as PhpValue[];
    expect(child?.get("parent")).toBe(tree);
    expect(child).toBe((tree.get("children") as unknown as PhpValue[])[0]);
    const { suit, same, list } = attributesOf("obj-enums");
    expect(same).toBe(suit);
    expect((list as unknown[])[1]).toBe(suit);
  });

  test("never changes", () => {
    expect(Object.isFrozen(cart)).toBe(true);
    expect(() => Object.assign(cart.get("items") as object, { more: 1 })).toThrow(TypeError);
    expect(() => Object.assign(cart, { kind: "enum" })).toThrow(TypeError);
  });

  test("prints its class only, and is refused by JSON.stringify", () => {
    expect(inspect({ cart }, { depth: 9, showHidden: true })).not.toMatch(/EUR|currency|1000/);
    expect(inspect(cart)).toBe("PhpValue { kind: 'object', className: 'App\\\\Cart' }");
    expect(() => JSON.stringify({ cart })).toThrow(/JSON cannot represent a PHP value/);
    expect(`${Object.keys(structuredClone(cart))}`).toBe("kind,className");
  });

  test("is opaque to sessions", () => {
    expect(isOpaqueValue(cart)).toBe(true);
    expect(isJsonObject(cart)).toBe(false);
    expect(cart[opaqueBytes]).toBe(4);
  });
});

describe("of other values that JSON cannot represent:", () => {
  test("a case of an enumeration has a class and a name", () => {
    const { suit } = attributesOf("obj-enums");
    expect(suit).toMatchObject({ kind: "enum", className: "App\\Suit", caseName: "Hearts" });
    expect(opaque(suit).names()).toEqual([]);
  });

  test("a Serializable object has a class and bytes", () => {
    const { o: object, after } = attributesOf("obj-serializable-C-nested");
    expect(object).toMatchObject({ kind: "serializable", className: "App\\NestedSerializable" });
    expect(opaque(object).bytes?.byteLength).toBe(36);
    expect(after).toBe(1);
  });

  test("an integer beyond 2^53 has a bigint", () => {
    const ints = attributesOf("int-range--php_serialize").ints as unknown[];
    expect(ints[10]).toBe(Number.MAX_SAFE_INTEGER);
    expect(ints.slice(11).map((each) => opaque(each).value)).toEqual([
      ...[2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)],
    ]);
    expect(opaque(ints[11]).kind).toBe("integer");
  });

  test("a float that is not finite has its value", () => {
    for (const [text, value] of [
      ["INF", Infinity],
      ["-INF", -Infinity],
      ["NAN", Number.NaN],
    ] as const) {
      expect(opaque(read(`d:${text};`).json)).toMatchObject({ kind: "float", value });
    }
  });

  test("a string that is not UTF-8 has bytes, of which each caller gets a copy", () => {
    const text = opaque(attributesOf("str-latin1").l1);
    expect(text).toMatchObject({ kind: "string", value: undefined });
    text.bytes?.fill(0);
    expect(text.bytes).toEqual(Uint8Array.from("café", (character) => character.charCodeAt(0)));
    expect(text[opaqueBytes]).toBe(11);
  });

  test("an array with a key that is not UTF-8 has members", () => {
    const array = opaque(read('a:2:{s:1:"\u00ff";a:1:{i:0;i:1;}s:1:"a";i:2;}').json);
    expect(array.kind).toBe("array");
    expect(array.names()).toEqual(["\u00ff", "a"]);
    expect([array.get("\u00ff"), array.get("a"), array.get("a", "A"), array.get("b")]).toEqual([
      ...[[1], 2, undefined, undefined],
    ]);
  });

  test("a reference has the value that it refers to, which may contain the reference", () => {
    const { a: array } = attributesOf("ref-R--php_serialize") as { a: { x: string; y: PhpValue } };
    expect(array.x).toBe("v");
    expect(array.y).toMatchObject({ kind: "reference", value: "v" });
    const { a: cyclic } = { a: opaque(attributesOf("ref-cyclic-array-R").o).get("a") } as { a: { self: PhpValue } };
    expect(cyclic.self.value).toEqual({ n: 1, self: cyclic.self });
    expect((cyclic.self.value as unknown as typeof cyclic).self).toBe(cyclic.self);
  });

  test("a reference to a value after a Serializable object has an unknown target", () => {
    const list = attributesOf("ref-slot-after-Cnested").l as unknown[];
    expect(opaque(list[1])).toMatchObject({ kind: "object", className: "stdClass" });
    expect(opaque(list[2])).toMatchObject({ kind: "reference", value: undefined });
  });
});
