import fc from "fast-check";
import { expect, test } from "vitest";
import { createHash } from "../../adapters/memory/hash.ts";
import { KeyIndex } from "../../adapters/memory/key-index.ts";
import { SessionTable } from "../../adapters/memory/session-table.ts";
import { bytesOfClass, sizeClassOf } from "../../adapters/memory/size-classes.ts";
import { tableProperty } from "../properties/session-table.ts";

test("the memory stores sessions of all sizes as a plain map does, and reuses the space of removed ones", () => {
  fc.assert(tableProperty({ SessionTable }), { numRuns: 60 });
}, 60_000);

test("a size class has room for its records, and no smaller one does", () => {
  const check = (bytes: number) => {
    const cell = bytesOfClass(sizeClassOf(bytes));
    expect(cell).toBeGreaterThanOrEqual(bytes);
    expect(bytesOfClass(sizeClassOf(bytes) - 1)).toBeLessThan(bytes);
    expect(cell - bytes).toBeLessThanOrEqual(Math.max(15, bytes / 16));
  };
  for (let bytes = 17; bytes <= 5000; bytes += 1) check(bytes);
  fc.assert(fc.property(fc.integer({ min: 5000, max: 2 ** 30 }), check), { examples: [[2 ** 30], [2 ** 20 + 1]] });
});

test("each of 100,000 sessions of 1 KB takes less than 1150 bytes", () => {
  const table = new SessionTable();
  const count = 100_000;
  for (let index = 0; index < count; index += 1) {
    table.add(`session:${String(index).padStart(43, "0")}`, new Uint8Array(1024));
  }
  expect(table.heldBytes / count).toBeLessThan(1150);
});

test("keys are hashed as by the reference implementation, without the last bit", () => {
  const hash = createHash(new Uint32Array([0x03020100, 0x07060504]));
  const texts = ["", "\u0100", "\u0100\u0302", "\u0100\u0302\u0504", "\u0100\u0302\u0504\u0706"];
  const references = [0x5814c896, 0xbc4b0e30, 0x7e059ea6, 0xa0080b65, 0x577999b1];
  expect(texts.map(hash)).toEqual(references.map((reference) => reference >>> 1));
});

test("texts that collide for one handler do not for another", () => {
  const [one, other] = [createHash(), createHash()];
  const texts = Array.from({ length: 20_000 }, (_, index) => `session-${index}`);
  const inFirstPlace = texts.filter((text) => one(text) % 256 === 0);
  expect(inFirstPlace.length).toBeGreaterThan(30);
  expect(new Set(inFirstPlace.map((text) => other(text) % 256)).size).toBeGreaterThan(inFirstPlace.length / 3);
});

test("keys with the same hash are told apart", () => {
  const keys = ["none", "a", "b", "c"];
  const index = new KeyIndex({ hashOf: () => 7, hasKey: (slot, key) => keys[slot] === key });
  for (const slot of [1, 2, 3]) index.add(slot, 7);
  index.delete(1, 7);
  expect(keys.map((key) => index.find(key, 7))).toEqual([0, 0, 2, 3]);
});
