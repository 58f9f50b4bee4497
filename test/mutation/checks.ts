import fc from "fast-check";
import { createVirtualClock } from "sessionwire/testing";
import {
  checkContract,
  connectionCheckContract,
  decoratorContract,
  overlappingContract,
  sequentialContract,
  sessionContract,
} from "sessionwire/testing/properties";
import { checksOf as lawChecksOf } from "../laws/cases.ts";
import { isRefuted } from "../laws/within.ts";
import { casesOf } from "../session/cases.ts";
import type { Parts } from "../session/properties/parts.ts";
import { properties } from "../session/properties/properties.ts";

/** What is quick and in this process: the laws, each on its shortest story, and then the contracts. */
export function checksOf(parts: Parts): (() => Promise<unknown>)[] {
  const createStage = () => {
    const clock = createVirtualClock();
    return { handler: parts.createMemoryHandler({ clock }), advance: clock.advance };
  };
  const options = { seed: 1, numRuns: 60, storyTimeoutMs: 2000 };
  return [
    ...lawChecksOf(parts).map(({ run }) => run),
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
