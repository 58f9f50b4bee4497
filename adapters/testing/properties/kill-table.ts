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
  /** What is wrong with it, in a few words. */
  readonly bug: string;
  /** The implementation. */
  readonly subject: Subject;
}

/**
 * What became of one mutant.
 *
 * @public
 */
export interface Kill {
  /** As its mutant has it. */
  readonly law: number;
  /** As its mutant has it. */
  readonly bug: string;
  /** In how many of the seeds it was found. */
  readonly found: number;
  /** Of how many. */
  readonly seeds: number;
  /** How many stories it took in the middle one of the seeds; `Infinity` where it was not found. */
  readonly medianRuns: number;
  /** How many it took in the worst. */
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
  /** Each gives its own stories. @defaultValue 1 to 20 */
  readonly seeds?: readonly number[];
  /** How many stories are tried for each seed. @defaultValue 1000 */
  readonly numRuns?: number;
}

/**
 * Tries a contract on implementations with bugs. One that survives shows what the contract does not see.
 *
 * @remarks
 * What a broken implementation leaves behind, as rejections that nobody handles, is not kept from the process.
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
      // The shortest story is looked for once. A mutant that never answers has been found, too.
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
 * A kill table for people.
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
