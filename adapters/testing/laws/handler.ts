import { setTimeout as wait } from "node:timers/promises";
import type { SessionHandler } from "sessionwire";
import { canList } from "sessionwire/backend";
import type { ConformanceCase } from "../conformance.ts";
import { argumentLaws } from "./handler/arguments.ts";
import { bytesLaws } from "./handler/bytes.ts";
import { callLaws } from "./handler/calls.ts";
import { conditionalWriteLaws } from "./handler/conditional-write.ts";
import { destroyLaws } from "./handler/destroy.ts";
import type { Fixture } from "./handler/fixture.ts";
import { idLaws } from "./handler/ids.ts";
import { listingLaws } from "./handler/listing.ts";
import { listingRequestLaws } from "./handler/listing-requests.ts";
import { readingLaws } from "./handler/reading.ts";
import { timeToLiveLaws } from "./handler/time-to-live.ts";
import { touchLaws } from "./handler/touch.ts";
import { rememberCalls } from "./last-call.ts";
import { createCase, type Exceptions, type Law, skip } from "./law.ts";

/**
 * Describes a handler to its cases.
 *
 * @public
 */
export interface HandlerHarness {
  /** Creates a handler on an empty store. Each case calls it once, and closes the handler. */
  create(): SessionHandler | Promise<SessionHandler>;
  /**
   * Advances the store's time. Absent: the cases wait, and those that would wait longer than `patienceMs` are skipped.
   */
  advance?(ms: number): void | Promise<void>;
  /** Maximum time that a case may wait, in milliseconds. @defaultValue 3000 */
  readonly patienceMs?: number;
  /** Time that a session may outlive its time to live, in milliseconds. @defaultValue 0 */
  readonly lateMs?: number;
  /**
   * Maximum size of a session in bytes. @defaultValue the `maxBytes` of the handler; if it has none, 1,048,576 (1 MiB)
   */
  readonly maxBytes?: number;
  /** Laws that this store cannot keep, by number, each with the reason. Their cases are skipped, and say so. */
  readonly exceptions?: Exceptions;
}

/**
 * Returns the laws of a handler as test cases (1 to 44, and 112): the observable duties of every handler. The laws of a
 * listing (112) are checked on a handler that has a method `list`.
 *
 * @public
 */
export function handlerCases(harness: HandlerHarness): ConformanceCase[] {
  return [
    ...operationLaws.map((law) =>
      createCase(law, reasonToSkip(harness, law), async () => void (await tryOut(harness, law))),
    ),
    ...[...listingLaws, ...listingRequestLaws].map((law) =>
      createCase(law, reasonToSkip(harness, law), async (context) => {
        const hasTried = await tryOut(harness, law, canList);
        if (!hasTried) skip(context, "the handler does not list");
      }),
    ),
  ];
}

/** The laws, in the order of their numbers. */
const operationLaws: readonly Law<Fixture>[] = [
  ...readingLaws,
  ...bytesLaws,
  ...timeToLiveLaws,
  ...touchLaws,
  ...destroyLaws,
  ...conditionalWriteLaws,
  ...idLaws,
  ...argumentLaws,
  ...callLaws,
].sort((one, other) => one.law - other.law);

function reasonToSkip(
  { exceptions = {}, ...harness }: HandlerHarness,
  { law, passesMs = 0 }: Law<never>,
): string | undefined {
  return exceptions[law] ?? (needsPatience(harness, passesMs) ? "the harness cannot advance time" : undefined);
}

/** Checks a new handler, unless the law does not apply to it. A failure names the last call. */
async function tryOut<Handler extends SessionHandler>(
  harness: HandlerHarness,
  { check }: Law<Fixture<Handler>>,
  isMeant: (handler: SessionHandler) => handler is Handler = isAny,
): Promise<boolean> {
  const advance = async (ms: number) => void (await (harness.advance ? harness.advance(ms) : wait(ms)));
  const { handler, lastCall } = rememberCalls(await harness.create());
  const { lateMs = 0, maxBytes = handler.maxBytes ?? 1_048_576 } = harness;
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

function needsPatience({ advance, lateMs = 0, patienceMs = 3000 }: HandlerHarness, passesMs: number): boolean {
  return advance === undefined && passesMs + lateMs > patienceMs;
}
