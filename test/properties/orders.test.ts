import fc from "fast-check";
import * as core from "sessionwire";
import * as backend from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock } from "sessionwire/testing";
import {
  checkContract,
  decoratorContract,
  overlappingContract,
  sequentialContract,
  transformingDecoratorContract,
} from "sessionwire/testing/properties";
import { describe, expect, test } from "vitest";
import { decorators } from "../laws/decorations.ts";
import type { Subject } from "../laws/law.ts";
import { type Order, orders } from "../laws/orders.ts";
import { interleavingsProperty } from "./interleavings.ts";

const { MAX_DELAY_MS } = backend;
const subject: Subject = { ...core, ...backend, createMemoryHandler };
const inVirtualTime = orders(decorators(subject, { timeoutMs: 500 }));
/** A compression or an encryption takes real time, during which virtual time must not reach a deadline. */
const inRealTime = orders(decorators(subject, { timeoutMs: MAX_DELAY_MS }));
const all = [...Object.entries(inVirtualTime).filter(isReadable), ...Object.entries(inRealTime).filter(isChanged)];
const numRuns = 60;

describe.each(all)("%s", (_, { decorate, changesBytes = false }) => {
  const createStage = () => {
    const clock = createVirtualClock();
    return { handler: decorate(createMemoryHandler({ clock }), clock), advance: clock.advance };
  };

  test("behaves as a map with expiry under any sequence of calls", () =>
    checkContract(sequentialContract, createStage, { numRuns }));

  // Virtual time does not wait for a compression or an encryption, which takes real time: a network would be over first.
  test("is linearizable under concurrent calls, on a network that delays and loses messages unless bytes change", () => {
    if (changesBytes) return checkContract(overlappingContract, createStage, { numRuns });
    const property = interleavingsProperty((_, handler, clock) => decorate(handler, clock));
    return fc.assert(property(subject), { numRuns });
  });
});

/** The contracts of decorators are for those that pass on each call, once, under its id. */
const passing = all.filter(
  ([, { makesOtherCalls, changesKeys, exceptions = {} }]) => !makesOtherCalls && !changesKeys && !(54 in exceptions),
);

test("two of the three orders that are left change the bytes", () => {
  expect(passing.map(([, { changesBytes }]) => changesBytes)).toEqual([false, true, true]);
});

test.each(passing)("%s keeps the contract of a decorator", (_, { decorate, changesBytes = false }) =>
  changesBytes
    ? checkContract(
        transformingDecoratorContract,
        { decorate, hides: true, neverRepeats: true, bindsId: true },
        { numRuns },
      )
    : checkContract(decoratorContract, decorate, { numRuns }),
);

function isChanged([, { changesBytes = false }]: [string, Order]): boolean {
  return changesBytes;
}

function isReadable(entry: [string, Order]): boolean {
  return !isChanged(entry);
}
