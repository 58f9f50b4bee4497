import fc from "fast-check";
import type { Contract, Story } from "./contract.ts";
import { BrokenLaw } from "./contract.ts";

/**
 * An implementation with a bug, which a contract must find.
 *
 * @public
 */
export interface Mutant<Subject> {
  /** The number of the law that it breaks. */
  readonly law: number;
  /** The bug, in a few words. */
  readonly bug: string;
  /** The implementation. */
  readonly subject: Subject;
}

/**
 * The result for one mutant.
 *
 * @public
 */
export interface Kill {
  /** The same as in its mutant. */
  readonly law: number;
  /** The same as in its mutant. */
  readonly bug: string;
  /** The number of seeds that found it. */
  readonly found: number;
  /** The number of seeds. */
  readonly seeds: number;
  /** The median number of stories over all seeds; `Infinity` if it was not found. */
  readonly medianRuns: number;
  /** The maximum number of stories. */
  readonly maxRuns: number;
  /** The law that the contract named for the shortest story, if it could. */
  readonly foundLaw: number | undefined;
  /** The shortest story that shows it. */
  readonly story: string;
}

/**
 * The options of {@link killTable}.
 *
 * @public
 */
export interface KillTableOptions {
  /** The seeds, each with its own stories. @defaultValue 1 to 20 */
  readonly seeds?: readonly number[];
  /** Number of stories to try for each seed. @defaultValue 1000 */
  readonly numRuns?: number;
}

/**
 * Tries a contract on implementations with bugs. A surviving one reveals a gap in the contract.
 *
 * @remarks
 * Leftovers of a broken implementation, such as unhandled rejections, are not hidden from the process.
 *
 * @public
 */
export async function killTable<Subject>(
  contract: Contract<Subject>,
  mutants: readonly Mutant<Subject>[],
  options: KillTableOptions = {},
): Promise<Kill[]> {
  const { seeds = Array.from({ length: 20 }, (_, index) => index + 1), numRuns = 1000 } = options;
  const kills: Kill[] = [];
  for (const { law, bug, subject } of mutants) {
    const runs: number[] = [];
    let shown: fc.RunDetails<[Story]> | undefined;
    for (const seed of seeds) {
      // The shortest story is searched for once. A mutant that never answers also counts as found.
      const limits = { seed, numRuns, timeout: 10_000, endOnFailure: shown !== undefined };
      const details = await fc.check(contract.property(subject), limits);
      if (details.failed) shown ??= details;
      runs.push(details.failed ? details.numRuns : Number.POSITIVE_INFINITY);
    }
    runs.sort((a, b) => a - b);
    kills.push({
      law,
      bug,
      found: runs.filter(Number.isFinite).length,
      seeds: seeds.length,
      medianRuns: runs[runs.length >> 1] ?? Number.POSITIVE_INFINITY,
      maxRuns: runs.at(-1) ?? Number.POSITIVE_INFINITY,
      foundLaw: shown?.errorInstance instanceof BrokenLaw ? shown.errorInstance.law : undefined,
      story: String(shown?.counterexample?.[0] ?? ""),
    });
  }
  return kills;
}

/**
 * Returns a kill table in readable form.
 *
 * @public
 */
export function describeKills(kills: readonly Kill[]): string {
  return kills
    .map(({ law, bug, found, foundLaw, seeds, medianRuns, maxRuns, story }) =>
      [
        `law ${law}`,
        bug,
        foundLaw === law ? "" : `named ${foundLaw}`,
        `${found} of ${seeds} seeds, ${medianRuns} stories (${maxRuns} at most)`,
        story,
      ].join(" | "),
    )
    .join("\n");
}
