import fc from "fast-check";
import { createVirtualClock, handlerCases } from "sessionwire/testing";
import {
  checkContract,
  connectionCheckContract,
  decoratorContract,
  overlappingContract,
  sequentialContract,
  sessionContract,
} from "sessionwire/testing/properties";
import { callLaws } from "../laws/call-laws.ts";
import { connectionCheckLaws } from "../laws/connection-check-laws.ts";
import { decoratorLaws } from "../laws/decorator-laws.ts";
import { listingLaws } from "../laws/list-laws.ts";
import { isRefuted } from "../laws/within.ts";
import { casesOf } from "../session/cases.ts";
import type { Parts } from "../session/properties/parts.ts";
import { properties } from "../session/properties/properties.ts";

/** What is quick and in this process: the laws, each on its shortest story, and then the contracts. */
export function checksOf(parts: Parts): (() => Promise<unknown>)[] {
  const clock = createVirtualClock();
  const createStage = () => {
    const clock = createVirtualClock();
    return { handler: parts.createMemoryHandler({ clock }), advance: clock.advance };
  };
  const create = () => parts.createMemoryHandler({ clock });
  const options = { seed: 1, numRuns: 60, storyTimeoutMs: 2000 };
  return [
    ...handlerCases({ create, advance: clock.advance }).map(({ run }) => run),
    ...[...callLaws, ...connectionCheckLaws, ...decoratorLaws, ...listingLaws].map(
      ({ check }) =>
        () =>
          check(parts),
    ),
    ...Object.values(casesOf(parts))
      .flat()
      .filter(({ skipped }) => skipped === undefined)
      .map(({ run }) => run),
    () => checkContract(sequentialContract, createStage, options),
    () => checkContract(overlappingContract, createStage, options),
    () => checkContract(decoratorContract, (handler, clock) => parts.withTimeout(handler, { clock }), options),
    () => checkContract(connectionCheckContract, parts.withConnectionCheck, options),
    () => checkContract(sessionContract, parts.createSessionManager, options),
    ...Object.values(properties).map((property) => async () => {
      await fc.assert(property(parts), { seed: 1, numRuns: 60 });
    }),
  ];
}

/** Whether one of them fails, or does not end. */
export async function isKilled(parts: Parts): Promise<boolean> {
  for (const check of checksOf(parts)) {
    if (await isRefuted(check, 4000)) return true;
  }
  return false;
}
