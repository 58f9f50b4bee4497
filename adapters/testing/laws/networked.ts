import type { ConformanceCase } from "../conformance.ts";
import { createCase } from "./law.ts";
import { cancellationLaws } from "./networked/cancellation.ts";
import { closingLaws } from "./networked/closing.ts";
import { type NetworkedLaw, openFixture } from "./networked/fixture.ts";
import type { NetworkedHarness } from "./networked/harness.ts";
import { lostConnectionLaws } from "./networked/lost-connections.ts";
import { orderLaws } from "./networked/order.ts";
import { outageLaws } from "./networked/outages.ts";
import { secretLaws } from "./networked/secrets.ts";
import { sharedAttemptLaws } from "./networked/shared-attempts.ts";
import { silenceLaws } from "./networked/silence.ts";
import { unsentLaws } from "./networked/unsent.ts";

/**
 * Returns the laws of a handler whose store is behind a network, as test cases on a real server: connections that are
 * lost, silently dropped or never answered, lost replies, abandoned calls, and servers that are down or frozen.
 *
 * @remarks
 * Some cases measure time: a busy machine may exceed a deadline by up to 250 ms. Each case has its own server, proxy
 * and handlers, so a few may run at the same time.
 *
 * @public
 */
export function networkedCases(harness: NetworkedHarness): ConformanceCase[] {
  return laws.map((law) =>
    createCase(law, harness.exceptions?.[law.law], async () => {
      const fixture = await openFixture(harness);
      try {
        await law.check(fixture);
      } finally {
        await fixture[Symbol.asyncDispose]();
      }
    }),
  );
}

/** The laws, in the order of their numbers. */
const laws: readonly NetworkedLaw[] = [
  ...cancellationLaws,
  ...closingLaws,
  ...lostConnectionLaws,
  ...orderLaws,
  ...outageLaws,
  ...secretLaws,
  ...sharedAttemptLaws,
  ...silenceLaws,
  ...unsentLaws,
].sort((one, other) => one.law - other.law);
