import { setTimeout as wait } from "node:timers/promises";
import type { ListingSessionHandler, SessionHandler } from "sessionwire";
import { handlerLaws, type Scene } from "./laws/handler-laws.ts";
import { rememberCalls } from "./laws/last-call.ts";
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
 * The laws of a handler as test cases: what every handler must do, seen from outside. Those of a listing are tried on a handler that
 * has a method `list`.
 *
 * @public
 */
export function handlerCases(harness: HandlerHarness): ConformanceCase[] {
  const { exceptions = {} } = harness;
  const reasonToSkip = (law: number | undefined, passesMs = 0) =>
    exceptions[law ?? 0] ?? (needsPatience(harness, passesMs) ? "the harness cannot advance time" : undefined);
  return [
    ...handlerLaws.map(({ law, says, passesMs, check }) =>
      createCase(`${says} (law ${law})`, law, reasonToSkip(law, passesMs), async () => {
        await tryOut(harness, check);
      }),
    ),
    ...listLaws.map(({ says, passesMs, check }) =>
      createCase(says, undefined, reasonToSkip(undefined, passesMs), async (context) => {
        const hasTried = await tryOut(harness, check, canList);
        if (!hasTried) skip(context, "the handler does not list");
      }),
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

/** Tries a handler of its own, unless the law is not about such a one. What goes wrong names the call that came last. */
async function tryOut<Handler extends SessionHandler>(
  harness: HandlerHarness,
  check: (scene: Scene<Handler>) => Promise<void>,
  isMeant: (handler: SessionHandler) => handler is Handler = isAny,
): Promise<boolean> {
  const { lateMs = 0, maxBytes = 1_048_576 } = harness;
  const advance = async (ms: number) => void (await (harness.advance ? harness.advance(ms) : wait(ms)));
  const { handler, lastCall } = rememberCalls(await harness.create());
  const hasTried = isMeant(handler);
  try {
    if (hasTried) await check({ handler, advance, lateMs, maxBytes });
    await handler.close();
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw new Error(`${says}\n  Last call: ${lastCall()}`, { cause: error });
  }
  return hasTried;
}

function isAny<Handler extends SessionHandler>(_handler: SessionHandler): _handler is Handler {
  return true;
}

function canList(handler: SessionHandler): handler is ListingSessionHandler {
  return "list" in handler && typeof handler.list === "function";
}

/** With a runner whose tests have no such context, as jest, what has nothing to try passes. */
function skip(context: unknown, reason: string): void {
  const { skip } = Object(context) as { skip?: (reason: string) => void }; // of any runner, or none
  skip?.call(context, reason);
}

function needsPatience({ advance, lateMs = 0, patienceMs = 3000 }: HandlerHarness, passesMs: number): boolean {
  return advance === undefined && passesMs + lateMs > patienceMs;
}

function createCase(
  says: string,
  law: number | undefined,
  skipped: string | undefined,
  tryIt: (context: unknown) => Promise<void>,
): ConformanceCase {
  const run = (...[context]: unknown[]) => tryIt(context);
  return skipped === undefined ? { name: says, law, run } : { name: `${says}: skipped, ${skipped}`, law, skipped, run };
}
