import type { ConformanceCase } from "../conformance.ts";
import { closingLaws } from "./channel/closing.ts";
import { deliveryLaws } from "./channel/delivery.ts";
import { type ChannelLaw, openFixture } from "./channel/fixture.ts";
import { foreignMessageLaws } from "./channel/foreign-messages.ts";
import { gapLaws } from "./channel/gaps.ts";
import type { ChannelHarness } from "./channel/harness.ts";
import { listenerLaws } from "./channel/listeners.ts";
import { publishingLaws } from "./channel/publishing.ts";
import { createCase, skip } from "./law.ts";

/**
 * Returns the laws of a channel as test cases (114 to 120): the duties of every channel between processes, whatever the
 * state of its connections.
 *
 * @remarks
 * The channels of a harness should detect silent connections soon: a case waits up to 30 s for it.
 *
 * @public
 */
export function channelCases(harness: ChannelHarness): ConformanceCase[] {
  return laws.map((law) =>
    createCase(law, harness.exceptions?.[law.law], async (context) => {
      const fixture = await openFixture(harness);
      try {
        if (law.needs === undefined || fixture.place[law.needs] !== undefined) await law.check(fixture);
        else skip(context, `the place has no ${law.needs}`);
      } finally {
        await fixture[Symbol.asyncDispose]();
      }
    }),
  );
}

const laws: readonly ChannelLaw[] = [
  ...deliveryLaws,
  ...gapLaws,
  ...publishingLaws,
  ...listenerLaws,
  ...closingLaws,
  ...foreignMessageLaws,
];
