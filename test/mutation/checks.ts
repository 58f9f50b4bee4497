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
import { storeChecks } from "../express/store-checks.ts";
import { checksOf as lawChecksOf } from "../laws/cases.ts";
import { isRefuted } from "../laws/within.ts";
import { type MigrationSubject, migrationProperty } from "../properties/migration.ts";
import { casesOf } from "../session/cases.ts";
import type { Parts } from "../session/properties/parts.ts";
import { properties } from "../session/properties/properties.ts";

export type AllParts = Parts & MigrationSubject;

/** What is quick and in this process: the laws, each on its shortest story, and then the contracts. */
export function checksOf(parts: AllParts): (() => Promise<unknown>)[] {
  const createStage = () => {
    const clock = createVirtualClock();
    return { handler: parts.createMemoryHandler({ clock }), advance: clock.advance };
  };
  const options = { seed: 1, numRuns: 60, storyTimeoutMs: 2000 };
  return [
    ...[...lawChecksOf(parts), ...Object.values(casesOf(parts)).flat(), ...movingCases(parts)]
      .filter(({ skipped }) => skipped === undefined)
      .map(({ run }) => run),
    ...storeChecks.map((each) => () => each.check(parts)),
    () => checkContract(sequentialContract, createStage, options),
    () => checkContract(overlappingContract, createStage, options),
    () => checkContract(decoratorContract, (handler, clock) => parts.withTimeout(handler, { clock }), options),
    () => checkContract(connectionCheckContract, parts.withConnectionCheck, options),
    () => checkContract(sessionContract, parts.createSessionManager, options),
    ...[migrationProperty, ...Object.values(properties)].map((property) => async () => {
      await fc.assert(property(parts), { seed: 1, numRuns: 60 });
    }),
  ];
}

/** Whether one of them fails, or does not end. `onCheck` is called before each. */
export async function isKilled(parts: AllParts, onCheck: () => void = () => {}): Promise<boolean> {
  for (const check of checksOf(parts)) {
    onCheck();
    if (await isRefuted(check, 4000)) return true;
  }
  return false;
}

/** The laws of a handler on one that moves its sessions. */
function movingCases({ createMemoryHandler, withMigration }: AllParts) {
  const clock = createVirtualClock();
  const create = () => withMigration(createMemoryHandler({ clock }), createMemoryHandler({ clock }), { clock });
  return handlerCases({ create, advance: clock.advance });
}
