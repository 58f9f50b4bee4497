import fc from "fast-check";
import { checkedJson, type Json, parseJson } from "sessionwire/backend";
import { describe, expect, test } from "vitest";
import { outcomeOf, parseByNames, wellFormedProperty } from "./well-formed.ts";

describe("JSON is read as by JSON.parse, and refused if a name is duplicated", () => {
  test("whatever its spelling, even with parts cut out or inserted", () => {
    fc.assert(wellFormedProperty({ parseJson }), { numRuns: 3000 });
  });

  test.each([
    ['{"a":1,"a":2}', false],
    ['{"a":1,"\\u0061":2}', false],
    ['[{"a":{"a":1}},{"a":1}]', true],
    ['{"a":{"b":1,"b":1},"a":1}', false],
    ['{"a:":":","\\"a\\":":"\\\\"}', true],
    ['{"__proto__":1,"__proto__":2}', false],
    ['{"__proto__":{"a":1}}', true],
    ['{"1":0,"0":1}', true],
  ])("%s", (written, isTaken) => {
    expect(outcomeOf(parseJson, written) !== "refused").toBe(isTaken);
    expect(outcomeOf(parseByNames, written) !== "refused").toBe(isTaken);
  });

  test("properties that other code adds to all objects are no members", () => {
    Object.defineProperty(Object.prototype, "polluted", {
      value: 1,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    try {
      expect(outcomeOf(parseJson, '{"a":{}}')).not.toBe("refused");
      expect(outcomeOf(parseJson, '{"a":1,"a":2}')).toBe("refused");
    } finally {
      Reflect.deleteProperty(Object.prototype, "polluted");
    }
  });

  test("bytes that are not UTF-8 are refused, and so is a byte order mark", () => {
    for (const data of [[0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0xef, 0xbb, 0xbf, 0x31], []]) {
      expect(() => parseJson(Uint8Array.from(data))).toThrow(/well-formed/);
    }
  });
});

test("a hundred levels are accepted; one more and numbers out of range are not", () => {
  const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as Json;
  expect(checkedJson(nested(100))).toEqual(nested(100));
  expect(() => checkedJson(nested(101))).toThrow(/levels/);
  expect(() => checkedJson({ a: [Infinity] })).toThrow(/range/);
});
