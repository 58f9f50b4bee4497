import fc from "fast-check";
import type * as backend from "sessionwire/backend";
import { createVirtualClock } from "sessionwire/testing";
import {
  checkContract,
  connectionCheckContract,
  decoratorContract,
  overlappingContract,
  sequentialContract,
  sessionContract,
} from "sessionwire/testing/properties";
import { storeChecks } from "../express/store-checks.ts";
import { keptTextsProperty } from "../formats/kept-texts.ts";
import { wellFormedProperty } from "../formats/well-formed.ts";
import { checksOf as lawChecksOf } from "../laws/cases.ts";
import { isRefuted } from "../laws/within.ts";
import { migrationProperty } from "../properties/migration.ts";
import { auditChecks } from "../session/audit-checks.ts";
import { casesOf } from "../session/cases.ts";
import type { Parts } from "../session/properties/parts.ts";
import { properties } from "../session/properties/properties.ts";
import { writeChecks } from "../session/write-checks.ts";

export type AllParts = Parts & Pick<typeof backend, "parseJson">;

/** Longer than the slowest check, on a busy machine. */
const LIMIT_MS = 10_000;

interface Check {
  readonly name: string;
  run(): Promise<unknown>;
}

/** What is quick and in this process: the laws, each on its shortest story, and then the contracts. */
function checksOf(parts: AllParts): Check[] {
  const createStage = () => {
    const clock = createVirtualClock();
    return { handler: parts.createMemoryHandler({ clock }), advance: clock.advance };
  };
  const options = { seed: 1, numRuns: 60, storyTimeoutMs: 2000 };
  const all = { migrationProperty, wellFormedProperty, keptTextsProperty, ...properties };
  return [
    ...[...lawChecksOf(parts), ...Object.values(casesOf(parts)).flat()].filter(({ skipped }) => skipped === undefined),
    ...[...auditChecks, ...writeChecks].map(({ claim, check }) => ({
      name: claim,
      run: () => check(parts, "express"),
    })),
    ...storeChecks.map(({ claim, check }) => ({ name: claim, run: () => check(parts) })),
    contract("sequential", () => checkContract(sequentialContract, createStage, options)),
    contract("overlapping", () => checkContract(overlappingContract, createStage, options)),
    contract("decorator", () =>
      checkContract(decoratorContract, (handler, clock) => parts.withTimeout(handler, { clock }), options),
    ),
    contract("connection check", () => checkContract(connectionCheckContract, parts.withConnectionCheck, options)),
    contract("session", () => checkContract(sessionContract, parts.createSessionManager, options)),
    ...Object.entries(all).map(([name, property]) => ({
      name,
      run: async () => fc.assert(property(parts), { seed: 1, numRuns: 60 }),
    })),
  ];
}

function contract(name: string, run: () => Promise<unknown>): Check {
  return { name: `the ${name} contract`, run };
}

/** The check that fails, or does not end, if one does. `onCheck` is called before each. */
export async function failingCheck(parts: AllParts, onCheck: () => void = () => {}): Promise<string | undefined> {
  for (const { name, run } of checksOf(parts)) {
    onCheck();
    if (await isRefuted(async () => run(), LIMIT_MS)) return name;
  }
  return undefined;
}
