import type { ConformanceCase } from "sessionwire/testing";

/** Checks by their names, each of which ends with the number of its law. */
export type NamedChecks<Parts> = Readonly<Record<string, (parts: Parts) => Promise<void>>>;

export function namedCases<Parts>(checks: NamedChecks<Parts>, parts: Parts): ConformanceCase[] {
  return Object.entries(checks).map(([name, check]) => ({
    name,
    law: Number(/\(laws? (\d+)[^)]*\)$/.exec(name)?.[1]),
    run: () => check(parts),
  }));
}
