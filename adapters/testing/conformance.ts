import { setTimeout as wait } from "node:timers/promises";
import type { ListingSessionHandler, SessionHandler } from "sessionwire";
import { handlerLaws, type Scene } from "./laws/handler-laws.ts";
import { listLaws } from "./laws/list-laws.ts";

/**
 * What the conformance cases need to know of a handler.
 *
 * @public
 */
export interface HandlerHarness {
  /** Makes a handler on a store that holds nothing yet. Each case calls it once, and closes what it is given. */
  create(): SessionHandler | Promise<SessionHandler>;
  /**
   * Lets the store's time pass. Absent: the cases wait, and those that would have to wait for more than `patienceMs` are skipped.
   */
  advance?(ms: number): void | Promise<void>;
  /** How long a case may wait, in milliseconds. @defaultValue 3000 */
  readonly patienceMs?: number;
  /** By how many milliseconds a session may outlive its time to live. @defaultValue 0 */
  readonly lateMs?: number;
  /** The handler's `maxBytes`. @defaultValue 1,048,576 (1 MiB) */
  readonly maxBytes?: number;
  /** Whether the handler can `list`. @defaultValue `false` */
  readonly lists?: boolean;
  /** Laws that this store cannot keep, by number, each with the reason. Their cases are skipped, and say so. */
  readonly exceptions?: Readonly<Record<number, string>>;
}

/**
 * One case of a conformance suite, for any test runner.
 *
 * @public
 */
export interface ConformanceCase {
  /** A sentence that ends with the number of the law, and, if the case is skipped, with the reason. */
  readonly name: string;
  /** `undefined` for the laws of listing, which have no numbers. */
  readonly law: number | undefined;
  /** Why the case is not to be run; absent for one that is. */
  readonly skipped?: string;
  /** Resolves if the law holds, and rejects if not. */
  run(): Promise<void>;
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
 * The laws of a handler as test cases: what every handler must do, seen from outside.
 *
 * @public
 */
export function handlerCases(harness: HandlerHarness): ConformanceCase[] {
  const { lateMs = 0, maxBytes = 1_048_576, lists = false, exceptions = {} } = harness;
  const advance = async (ms: number) => void (await (harness.advance ? harness.advance(ms) : wait(ms)));
  const run = async <Handler extends SessionHandler>(check: (scene: Scene<Handler>) => Promise<void>) => {
    const handler = (await harness.create()) as Handler; // that it lists is what the harness says
    await check({ handler, advance, lateMs, maxBytes });
    await handler.close();
  };
  const reasonToSkip = (law: number | undefined, passesMs = 0) =>
    exceptions[law ?? 0] ?? (needsPatience(harness, passesMs + lateMs) ? "the harness cannot advance time" : undefined);
  return [
    ...handlerLaws.map(({ law, says, passesMs, check }) =>
      createCase(`${says} (law ${law})`, law, reasonToSkip(law, passesMs), () => run(check)),
    ),
    ...(lists ? listLaws : []).map(({ says, passesMs, check }) =>
      createCase(says, undefined, reasonToSkip(undefined, passesMs), () => run<ListingSessionHandler>(check)),
    ),
  ];
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
      if (skipped === undefined) it(name, () => run());
      else it.skip(name, () => run());
    }
  });
}

function needsPatience({ advance, patienceMs = 3000 }: HandlerHarness, ms: number): boolean {
  return advance === undefined && ms > patienceMs;
}

function createCase(
  says: string,
  law: number | undefined,
  skipped: string | undefined,
  run: () => Promise<void>,
): ConformanceCase {
  return skipped === undefined ? { name: says, law, run } : { name: `${says}: skipped, ${skipped}`, law, skipped, run };
}
