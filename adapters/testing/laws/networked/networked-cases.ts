import type { ConformanceCase } from "../../conformance.ts";
import { cancellingLaws } from "./cancelling-laws.ts";
import { closingLaws } from "./closing-laws.ts";
import type { NetworkedHarness } from "./harness.ts";
import { lostConnectionLaws } from "./lost-connection-laws.ts";
import { outageLaws } from "./outage-laws.ts";
import { type NetworkedLaw, openScene } from "./scene.ts";
import { secretLaws } from "./secret-laws.ts";
import { sharedAttemptLaws } from "./shared-attempt-laws.ts";
import { silenceLaws } from "./silence-laws.ts";
import { unsentLaws } from "./unsent-laws.ts";

const networkedLaws: readonly NetworkedLaw[] = [
  ...closingLaws,
  ...cancellingLaws,
  ...sharedAttemptLaws,
  ...unsentLaws,
  ...lostConnectionLaws,
  ...silenceLaws,
  ...outageLaws,
  ...secretLaws,
];

/**
 * The laws of a handler whose store is behind a network, as test cases on a real server: connections that are lost, die without a word or
 * are never answered, replies that are lost, calls that are given up, and servers that are down or stand still.
 *
 * @remarks
 * Some cases measure time: a busy machine may take up to 250 ms more than a deadline. Each has a server, a proxy and handlers of its own,
 * so that a few may run at once.
 *
 * @public
 */
export function networkedCases(harness: NetworkedHarness): ConformanceCase[] {
  return networkedLaws.map(({ law, says, check }) => {
    const name = `${says} (law ${law})`;
    const skipped = harness.exceptions?.[law];
    const run = async () => {
      await using scene = await openScene(harness);
      await check(scene);
    };
    return skipped === undefined ? { name, law, run } : { name: `${name}: skipped, ${skipped}`, law, skipped, run };
  });
}
