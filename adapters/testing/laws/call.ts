import type { ConformanceCase } from "../conformance.ts";
import { cancellationLaws } from "./call/cancellation.ts";
import { constructionLaws } from "./call/construction.ts";
import { deadlineLaws } from "./call/deadlines.ts";
import { departedCallerLaws } from "./call/departed-callers.ts";
import { errorLaws } from "./call/errors.ts";
import type { CreateHandler } from "./call/fixture.ts";
import { listingLaws } from "./call/listing.ts";
import { onceLaws } from "./call/once.ts";
import { outcomeLaws } from "./call/outcomes.ts";
import { casesOf, type Exceptions, type Law } from "./law.ts";

/**
 * Returns the laws of a call under way as test cases: the duties of a handler to its caller, on a network that can be
 * broken.
 *
 * @param createHandler - Creates the handler: `createGuardedHandler`, decorated or not, or a replacement for it. It
 * must use the clock that it receives.
 *
 * @public
 */
export function callCases(createHandler: CreateHandler, exceptions: Exceptions = {}): ConformanceCase[] {
  return casesOf(laws, createHandler, exceptions);
}

/** The laws, in the order of their numbers. */
const laws: readonly Law<CreateHandler>[] = [
  ...cancellationLaws,
  ...constructionLaws,
  ...deadlineLaws,
  ...departedCallerLaws,
  ...errorLaws,
  ...listingLaws,
  ...onceLaws,
  ...outcomeLaws,
].sort((one, other) => one.law - other.law);
