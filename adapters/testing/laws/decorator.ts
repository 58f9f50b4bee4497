import type { Clock, SessionHandler } from "sessionwire";
import type { ConformanceCase } from "../conformance.ts";
import { createReferenceHandler } from "../reference-handler.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { answerLaws } from "./decorator/answers.ts";
import { argumentLaws } from "./decorator/arguments.ts";
import { callLaws } from "./decorator/calls.ts";
import { cancellationLaws } from "./decorator/cancellation.ts";
import { capabilityLaws } from "./decorator/capabilities.ts";
import { closingLaws } from "./decorator/closing.ts";
import { failureLaws } from "./decorator/failures.ts";
import type { Decorate, Decoration } from "./decorator/fixture.ts";
import { keyLaws } from "./decorator/keys.ts";
import { handlerCases } from "./handler.ts";
import { casesOf, createCase, type Exceptions, type Law } from "./law.ts";

/**
 * Describes a decorator to its cases.
 *
 * @public
 */
export interface DecoratorCasesOptions {
  /**
   * `true` if the decorator stores other bytes than those written, for example because it encrypts them. The cases then
   * do not require that bytes pass unchanged, nor that a session may be just as large.
   *
   * @defaultValue false
   */
  readonly changesBytes?: boolean;
  /**
   * `true` if the decorator passes on other ids than those received, for example their hashes. The cases then require
   * that ids stay apart and do not show, and that nothing can be listed.
   *
   * @defaultValue false
   */
  readonly changesKeys?: boolean;
  /** Laws that this decorator cannot keep, by number, each with the reason. Their cases are skipped, and say so. */
  readonly exceptions?: Exceptions;
}

/**
 * Returns the laws of a decorator as test cases: its duties to the inner handler and to the caller, whatever its
 * purpose. Around a handler that keeps the laws of a handler, those must be kept as well (law 103).
 *
 * @param decorate - Wraps a handler in the decorator, with options that give it nothing to do. It must use the clock
 * that it receives.
 *
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 * const decorate: Decorate = (handler, clock) => withLogging(handler, { clock });
 * defineCases("withLogging", decoratorCases(decorate), { describe, it });
 * ```
 *
 * @public
 */
export function decoratorCases(decorate: Decorate, options: DecoratorCasesOptions = {}): ConformanceCase[] {
  const { changesBytes = false, changesKeys = false } = options;
  const exceptions = { ...(changesKeys && withoutListing), ...options.exceptions };
  const clock = createVirtualClock();
  const around = (inside: string, createInner: (clock: Clock) => SessionHandler) =>
    handlerCases({ create: () => decorate(createInner(clock), clock), advance: clock.advance }).map(
      ({ law, name, run }) =>
        createCase({ law: 103, says: `around ${inside}, ${name}` }, exceptions[103] ?? exceptions[law], run),
    );
  return [
    ...casesOf(changesKeys ? [...laws, ...keyLaws] : laws, { decorate, changesBytes, changesKeys }, exceptions),
    ...around("a handler that lists", (clock) => createReferenceHandler({ clock })),
    ...around("a handler that does not list", createWithoutListing),
  ];
}

const withoutListing: Exceptions = { 112: "the ids of changed keys are unknown" };

function createWithoutListing(clock: Clock): SessionHandler {
  const { list: _, ...handler } = createReferenceHandler({ clock });
  return handler;
}

/** The laws, in the order of their numbers. */
const laws: readonly Law<Decoration>[] = [
  ...answerLaws,
  ...argumentLaws,
  ...callLaws,
  ...cancellationLaws,
  ...capabilityLaws,
  ...closingLaws,
  ...failureLaws,
].sort((one, other) => one.law - other.law);
