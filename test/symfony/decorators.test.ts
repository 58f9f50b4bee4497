import * as core from "sessionwire";
import * as backend from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import * as symfony from "sessionwire/symfony";
import { createVirtualClock, defineCases } from "sessionwire/testing";
import {
  checkContract,
  decoratorContract,
  overlappingContract,
  sequentialContract,
} from "sessionwire/testing/properties";
import { describe, expect, test } from "vitest";
import { decorationCases, inThisOrder } from "../laws/cases.ts";
import { symfonyDecorators, symfonyOrders, symfonyVariants } from "./decorations.ts";

const parts = { ...core, ...backend, createMemoryHandler, ...symfony };
const runner = { describe, it: test };
const single = symfonyDecorators(parts);
const orders = symfonyOrders(parts);

for (const [name, decoration] of Object.entries({ ...single, ...symfonyVariants(parts) })) {
  defineCases(`the decorator ${name}`, decorationCases(decoration, parts), runner);
}
for (const [name, order] of Object.entries(orders)) {
  defineCases(`the order ${name}`, inThisOrder(decorationCases(order, parts)), runner);
}

test("the laws run on every decorator of this subpath, alone and in two orders of three", () => {
  const names = Object.keys(symfony).filter((name) => name.startsWith("with"));
  expect(Object.keys(single).sort()).toEqual(names.sort());
  for (const { members } of Object.values(orders)) expect(new Set(members).size).toBe(3);
  for (const name of names) {
    const found = Object.values(orders).filter(({ members }) => members.some((member) => member === name));
    expect(found.length, name).toBeGreaterThanOrEqual(2);
  }
});

describe.each(Object.entries({ ...single, ...orders }))("%s", (_, { decorate }) => {
  const createStage = () => {
    const clock = createVirtualClock();
    return { handler: decorate(createMemoryHandler({ clock }), clock), advance: clock.advance };
  };

  test("behaves as a map with expiry under any sequence of calls", () =>
    checkContract(sequentialContract, createStage, { numRuns: 60 }));

  test("is linearizable under concurrent calls", () =>
    checkContract(overlappingContract, createStage, { numRuns: 60 }));
});

test("withPhpLocks, of no session, keeps the contract of a decorator", async () => {
  const { decorate } = symfonyVariants(parts)["withPhpLocks, of no session"] ?? {};
  if (!decorate) return expect.fail("There is no such variant.");
  await checkContract(decoratorContract, decorate, { numRuns: 60 });
});
