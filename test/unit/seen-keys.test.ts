import { expect, test } from "vitest";
import { SeenKeys } from "../../src/seen-keys.ts";

test("a key is known from the second time on, and hardly any other one is taken for known", () => {
  const seen = new SeenKeys(65_536);
  const keys = Array.from({ length: 1000 }, (_, index) => `session:${index}`);
  expect(keys.filter((key) => seen.mark(key)).length).toBeLessThan(50);
  expect(keys.every((key) => seen.mark(key))).toBe(true);
});

test("it starts over before all keys are taken for known", () => {
  const seen = new SeenKeys(64);
  const keys = Array.from({ length: 10_000 }, (_, index) => `session:${index}`);
  expect(keys.filter((key) => seen.mark(key)).length).toBeLessThan(6000);
});

test("without room, none is known", () => {
  const seen = new SeenKeys(0);
  expect(seen.mark("a") || seen.mark("a")).toBe(false);
});
