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
 * The laws of a channel as test cases (114 to 120): what every channel between processes must do, in any state of what connects them.
 *
 * @remarks
 * The channels of a harness are to notice silent connections soon: a case waits for it, for 30 s at most.
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
