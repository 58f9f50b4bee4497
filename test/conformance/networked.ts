import { type ConformanceCase, defineCases, type NetworkedHarness, networkedCases } from "sessionwire/testing";
import { describe, test } from "vitest";

/** Defines tests that hold a store to what every networked handler must do. */
export function describeNetworked(harness: NetworkedHarness): void {
  const cases: readonly ConformanceCase[] = networkedCases(harness);
  defineCases("what every networked handler must do", cases, { describe: describe.concurrent, it: test });
}
