import * as core from "sessionwire";
import * as backend from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";
import { decorators } from "./decorations.ts";
import { orders } from "./orders.ts";

const single = decorators({ ...core, ...backend, createMemoryHandler });
const all = Object.values(orders(single));

test("the laws run on every decorator of the package", () => {
  expect(Object.keys(single).sort()).toEqual(
    Object.keys(core)
      .filter((name) => name.startsWith("with"))
      .sort(),
  );
});

test("the laws run on ten different orders of three, and each decorator is in two of them or more", () => {
  expect(all.length).toBe(10);
  for (const { members } of all) expect(new Set(members).size).toBe(3);
  for (const name of Object.keys(single)) {
    const found = all.filter(({ members }) => members.some((member) => member === name));
    expect(found.length, name).toBeGreaterThanOrEqual(2);
  }
});

test("what is declared of an order is what is declared of its members", () => {
  const order = orders(single)["withPolicy(withRetry(withHashedKeys))"];
  expect(order).toMatchObject({ changesKeys: true, changesBytes: false, makesOtherCalls: false });
  expect(Object.keys(order?.exceptions ?? {})).toEqual(["54"]);
});
