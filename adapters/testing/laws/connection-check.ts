import type { ConformanceCase } from "../conformance.ts";
import { departedCallerLaws } from "./connection-check/departed-callers.ts";
import { endingLaws } from "./connection-check/endings.ts";
import { errorReplyLaws } from "./connection-check/error-replies.ts";
import type { WithConnectionCheck } from "./connection-check/fixture.ts";
import { idlenessLaws } from "./connection-check/idleness.ts";
import { listingLaws } from "./connection-check/listing.ts";
import { nestingLaws } from "./connection-check/nesting.ts";
import { operationLaws } from "./connection-check/operations.ts";
import { reconnectionLaws } from "./connection-check/reconnection.ts";
import { recoveryLaws } from "./connection-check/recovery.ts";
import { severalConnectionsLaws } from "./connection-check/several-connections.ts";
import { sharedCheckLaws } from "./connection-check/shared-checks.ts";
import { signOfLifeLaws } from "./connection-check/signs-of-life.ts";
import { casesOf, type Law } from "./law.ts";

/**
 * Returns the laws of `withConnectionCheck` as test cases, each with the shortest story that shows it.
 *
 * @public
 */
export function connectionCheckCases(withConnectionCheck: WithConnectionCheck): ConformanceCase[] {
  return casesOf(laws, withConnectionCheck);
}

/** The laws, in the order of their numbers. */
const laws: readonly Law<WithConnectionCheck>[] = [
  ...departedCallerLaws,
  ...endingLaws,
  ...errorReplyLaws,
  ...idlenessLaws,
  ...listingLaws,
  ...nestingLaws,
  ...operationLaws,
  ...reconnectionLaws,
  ...recoveryLaws,
  ...severalConnectionsLaws,
  ...sharedCheckLaws,
  ...signOfLifeLaws,
].sort((one, other) => one.law - other.law);
