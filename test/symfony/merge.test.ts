import fc from "fast-check";
import type { Json } from "sessionwire";
import { isJsonObject } from "sessionwire/backend";
import { describe, expect, test } from "vitest";
import { readSession } from "../../adapters/symfony/php-text/reader.ts";
import { nodeOf } from "../../adapters/symfony/values/fresh-nodes.ts";
import { merge } from "../../adapters/symfony/values/merge.ts";
import { NodeValues } from "../../adapters/symfony/values/node-values.ts";
import { php } from "../../adapters/symfony/values/php.ts";
import { textFixtures } from "./fixtures.ts";
import { phpTexts } from "./values/arbitraries.ts";
import { read, rewritten, textOf } from "./values/read.ts";

/** The text after the value was changed. */
function changed(text: string, value: (json: never) => unknown): string {
  const { node, values, json } = read(text);
  return textOf(merge(node, value(json as never) as Json, values));
}

/** JSON as PHP gives it back: an object with the keys of a list is a list. */
function isReadAs(json: Json, value: Json): boolean {
  if (Array.isArray(value)) {
    return (
      Array.isArray(json) && json.length === value.length && value.every((each, index) => isReadAs(json[index], each))
    );
  }
  if (!isJsonObject(value)) return json === value;
  if (typeof json !== "object" || json === null) return false;
  const members = new Map(Object.entries(json));
  const names = Object.keys(value);
  return (
    members.size === names.length &&
    names.every((name) => members.has(name) && isReadAs(members.get(name) as Json, value[name] as Json))
  );
}

const plain = fc.jsonValue({ maxDepth: 4 }).map((value) => withoutMinusZero(value) as Json);

function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll("-0,", "0,"));
}

describe("a value that is set again as it was", () => {
  test.each(textFixtures.map((fixture) => [fixture.name, fixture] as const))("keeps its node in %s", (_, fixture) => {
    const session = readSession(fixture.session, fixture.serializer);
    const values = new NodeValues(session);
    for (const { value } of session.entries) expect(merge(value, values.of(value), values)).toBe(value);
    for (const { value } of session.entries) expect(merge(value, copied(values.of(value)), values)).toBe(value);
  });

  test("keeps its node, whatever it is", () => {
    const property = fc.property(phpTexts, (text) => {
      const { node, values, json } = read(text);
      expect(merge(node, copied(json), values)).toBe(node);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

/** Copies plain data, and keeps what is opaque. */
function copied(json: Json): Json {
  if (Array.isArray(json)) return json.map(copied);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, copied(value)]));
}

describe("a changed value", () => {
  test("reads as it was set, if it is written anew", () => {
    fc.assert(
      fc.property(plain, (value) => isReadAs(rewritten(nodeOf(value)).json, value)),
      { numRuns: 1000 },
    );
  });

  test("reads as it was set, if it replaces another one", () => {
    const property = fc.property(phpTexts, plain, (text, value) => {
      const { node, values } = read(text);
      return isReadAs(rewritten(merge(node, value, values)).json, value);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  test("reads as it was set, if it replaces something similar", () => {
    const change = fc.record({ at: fc.nat(12), deleted: fc.nat(3), added: fc.array(plain, { maxLength: 2 }) });
    const property = fc.property(fc.array(plain, { maxLength: 12 }), fc.array(change), (list, changes) => {
      const { node, values } = rewritten(nodeOf(list));
      const copy = [...list];
      for (const { at, deleted, added } of changes) copy.splice(at, deleted, ...added);
      return isReadAs(rewritten(merge(node, copy, values)).json, copy);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  const prices = "a:3:{i:0;d:1;i:1;d:2.50;i:2;d:3;}";

  test.each<[string, string, (json: never) => unknown, string]>([
    ["the types of all that is equal", prices, (list: number[]) => [...list.slice(0, 2), 4], "a:3:{i:0;d:1;i:1;d:2.5;i:2;i:4;}"], // biome-ignore format: one row
    ["what follows an insertion", prices, (list: number[]) => [0, ...list], "a:4:{i:0;i:0;i:1;d:1;i:2;d:2.5;i:3;d:3;}"], // biome-ignore format: one row
    ["what follows a deletion", prices, (list: number[]) => list.slice(1), "a:2:{i:0;d:2.5;i:1;d:3;}"],
    ["what is around a deletion", prices, ([a, , c]: number[]) => [a, c], "a:2:{i:0;d:1;i:1;d:3;}"],
    ["one of two equal members", "a:2:{i:0;d:1;i:1;d:1;}", ([a]: number[]) => [a], "a:1:{i:0;d:1;}"],
    ["the order of keys", 'a:3:{s:1:"b";i:1;i:5;d:2;s:1:"a";i:3;}', () => ({ a: 3, n: 1, 5: 2 }), 'a:3:{i:5;d:2;s:1:"a";i:3;s:1:"n";i:1;}'], // biome-ignore format: one row
    ["what was a list", "a:1:{i:0;d:1;}", ([a]: number[]) => ({ 0: a, b: 1 }), 'a:2:{i:0;d:1;s:1:"b";i:1;}'],
    ["what was not a list", "a:2:{i:1;d:1;i:0;d:2;}", ({ 0: a, 1: b }: number[]) => [a, b], "a:2:{i:0;d:2;i:1;d:1;}"],
    ["what is deep below", 'a:1:{s:1:"a";a:2:{s:1:"b";d:1;s:1:"c";i:1;}}', () => ({ a: { b: 1, c: 2 } }), 'a:1:{s:1:"a";a:2:{s:1:"b";d:1;s:1:"c";i:2;}}'], // biome-ignore format: one row
    ["nothing of another type", "i:1;", () => "1", 's:1:"1";'],
    ["nothing of an object that is replaced", 'O:1:"A":0:{}', () => ({}), "a:0:{}"],
    ["an object beside it", 'a:2:{i:0;O:1:"A":0:{}i:1;i:1;}', ([object]: Json[]) => [object, 2], 'a:2:{i:0;O:1:"A":0:{}i:1;i:2;}'], // biome-ignore format: one row
    ["an object that is moved", 'a:2:{s:1:"a";O:1:"A":0:{}s:1:"b";i:1;}', ({ a }: { a: Json }) => ({ b: a }), 'a:1:{s:1:"b";O:1:"A":0:{}}'], // biome-ignore format: one row
    ["nothing of what is forced to another type", "a:1:{i:0;i:1;}", () => [php.float(1)], "a:1:{i:0;d:1;}"],
    ["nothing of a key that is not UTF-8", 'a:2:{s:1:"\u00ff";i:1;s:1:"a";d:2;}', () => ({ a: 2 }), 'a:1:{s:1:"a";d:2;}'], // biome-ignore format: one row
  ])("keeps %s", (_, text, change, expected) => {
    expect(changed(text, change)).toBe(expected);
  });

  test("keeps the very nodes of what is equal, with their places in the session", () => {
    const { node, values } = read('a:2:{s:1:"a";d:1.50;s:1:"b";i:1;}');
    const merged = merge(node, { a: 1.5, b: 2 }, values);
    if (merged.kind !== "array" || node.kind !== "array") throw new TypeError("It is no array.");
    expect(merged.entries[0]).toBe(node.entries[0]);
    expect(merged.entries[1]).toMatchObject({ start: 0, value: { start: 0, slot: 0 } });
  });

  test("keeps an `r:` where its object is set again", () => {
    const { node, values, json } = read('a:2:{i:0;O:1:"A":0:{}i:1;r:2;}');
    expect(merge(node, [...(json as Json[])], values)).toBe(node);
    const longer = merge(node, [...(json as Json[]), 1], values);
    expect(longer).toMatchObject({ entries: [{ value: { slot: 2 } }, { value: { kind: "same-object" } }, {}] });
  });

  test("takes linear time, however deep it is", () => {
    const { node, values, json } = read(`${"a:2:{i:0;".repeat(99)}i:1;${"i:1;i:2;}".repeat(99)}`);
    let value: Json = 3;
    for (let level = 0; level < 99; level += 1) value = [value, 2, level];
    expect(json).toBeInstanceOf(Array);
    expect(rewritten(merge(node, value, values)).json).toEqual(value);
  });
});
