/**
 * One case of a conformance suite, for any test runner.
 *
 * @public
 */
export interface ConformanceCase {
  /** A sentence that ends with the number of the law, and with the reason if the case is skipped. */
  readonly name: string;
  /** The number of the law. */
  readonly law: number;
  /** The reason for skipping the case; absent if it runs. */
  readonly skipped?: string;
  /**
   * Resolves if the law holds, and rejects otherwise. If the handler turns out to lack the feature that the law is
   * about, the case calls `skip` of the test's context, which node:test and vitest pass to a test.
   */
  run(context?: unknown): Promise<void>;
}

/**
 * The functions of a test runner: `describe` and `it` or `test` of node:test, vitest, jest or mocha.
 *
 * @public
 */
export interface TestRunner {
  /** Groups tests under a heading. */
  describe(name: string, define: () => void): unknown;
  /** Defines a test. */
  readonly it: ((name: string, run: () => Promise<void>) => unknown) & {
    /** Defines a test that is skipped. */
    skip(name: string, run: () => Promise<void>): unknown;
  };
}

/**
 * Defines test cases with a test runner, under one heading. Skipped cases show their reason.
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
        // mocha calls a test on its context; the function has no parameters, because otherwise mocha would wait for a
        // callback.
        it(name, function (this: unknown, ...[context]: unknown[]) {
          return run(context ?? this);
        });
      }
    }
  });
}
