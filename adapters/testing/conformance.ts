/**
 * One case of a conformance suite, for any test runner.
 *
 * @public
 */
export interface ConformanceCase {
  /** A sentence that ends with the number of the law, and, if the case is skipped, with the reason. */
  readonly name: string;
  /** The number of the law. */
  readonly law: number;
  /** Why the case is not to be run; absent for one that is. */
  readonly skipped?: string;
  /**
   * Resolves if the law holds, and rejects if not. A handler that turns out not to have what the law is about is left alone: that is told
   * to the `skip` of the test's context, as node:test and vitest hand it to a test.
   */
  run(context?: unknown): Promise<void>;
}

/**
 * What a test runner has: `describe` and `it` or `test` of node:test, vitest, jest or mocha.
 *
 * @public
 */
export interface TestRunner {
  /** Puts tests under a heading. */
  describe(name: string, define: () => void): unknown;
  /** Defines a test. */
  readonly it: ((name: string, run: () => Promise<void>) => unknown) & {
    /** Marks a test as one that is not run. */
    skip(name: string, run: () => Promise<void>): unknown;
  };
}

/**
 * Defines test cases with a test runner, under one heading. What is skipped shows its reason.
 *
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 * defineCases("my store", handlerCases({ create: createMyHandler }), { describe, it });
 * ```
 *
 * @public
 */
export function defineCases(heading: string, cases: readonly ConformanceCase[], { describe, it }: TestRunner): void {
  describe(heading, () => {
    for (const { name, skipped, run } of cases) {
      if (skipped !== undefined) it.skip(name, async () => {});
      else {
        // mocha calls a test on its context; without parameters, or it would wait for a callback.
        it(name, function (this: unknown, ...[context]: unknown[]) {
          return run(context ?? this);
        });
      }
    }
  });
}
