import { type OpaqueValue, opaqueBytes } from "sessionwire/backend";

/** A value that claims to be one of a format. */
class Stranger implements OpaqueValue {
  readonly [opaqueBytes] = 2;
}

class Account {
  readonly name = "a";
}

class Numbers extends Array<number> {}

/** Values that JSON text cannot represent. */
export const refusedValues: readonly (readonly [what: string, make: () => unknown])[] = [
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
  ["a String object", () => new String("a")],
  ["a Number object", () => new Number(1)],
  ["an instance of a class", () => new Account()],
  ["an opaque value of no format", () => new Stranger()],
  ["an array of a subclass", () => Numbers.from([1])],
  [
    "an instance of a class that extends null",
    () => Object.create(Object.create(null, { method: { value: () => 1 } })),
  ],
  ["a member with a symbol as its name", () => ({ [Symbol("s")]: 1 })],
  ["an object with a toJSON", () => ({ toJSON: () => 1 })],
  ["a cycle", cycle],
  ["101 levels", () => nested(101)],
  ["5000 levels", () => nested(5000)],
  ["an array with a hole", () => Object.assign(new Array(2), { 0: 1 })],
  ["an array with nothing but holes", () => new Array(3)],
  ["an array with an additional property", () => Object.assign([1], { extra: 1 })],
  ["an array with a hole and an additional property", () => Object.assign(new Array(1), { extra: 1 })],
  ["an array with an undefined element", () => [undefined]],
  ["a proxy around a Date", () => new Proxy(new Date(0), {})],
];

/** Values that JSON text can represent, and the values they read back as, if different. */
export const takenValues: readonly (readonly [what: string, make: () => unknown, expected?: unknown])[] = [
  ["an object without a prototype", () => Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ["a proxy around plain data", () => new Proxy({ a: new Proxy([1], {}) }, {}), { a: [1] }],
  ["the result of a getter", withGetter, { a: 1 }],
  ["frozen data", () => Object.freeze({ a: Object.freeze([1]) }), { a: [1] }],
  ["minus zero, as zero", () => [-0, { a: -0 }], [0, { a: 0 }]],
  ["100 levels", () => nested(100)],
  ["one object in two places", twice, [{ a: 1 }, { a: 1 }]],
  [
    "members that are not enumerable, which are left out",
    () => Object.defineProperty({ a: 1 }, "b", { value: 1 }),
    { a: 1 },
  ],
  ["a member named __proto__", () => JSON.parse('{"__proto__":{"a":1}}')],
  ["an object that looks like a class", () => ({ constructor: { prototype: { a: 1 } } })],
  ["the empty text, null and false", () => ["", null, false]],
];

/** Returns arrays and objects that are nested this many levels deep. */
export function nested(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level += 1) value = level % 2 ? { value } : [value];
  return value;
}

function cycle(): unknown {
  const list: unknown[] = [];
  list.push({ list });
  return { list };
}

function withGetter(): object {
  return {
    get a() {
      return 1;
    },
  };
}

function twice(): unknown {
  const one = { a: 1 };
  return [one, one];
}
