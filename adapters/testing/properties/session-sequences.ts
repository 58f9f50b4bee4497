import fc from "fast-check";
import type { SessionFormat } from "sessionwire/backend";
import { knowsLifetime } from "../format-traits.ts";
import { createReferenceHandler } from "../reference-handler.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { type Contract, stories } from "./contract.ts";
import { type CreateManager, formatOf } from "./session/create-manager.ts";
import { createModel, IDLE_SECONDS, LIFETIME_SECONDS } from "./session-sequences/model.ts";
import { examine, type Run } from "./session-sequences/run.ts";
import { stepsIn } from "./session-sequences/steps.ts";

/**
 * Any sequence of actions of two processes on sessions, one call after the other, behaves like a few maps: the content
 * of each `Session`, the code of each rejection, and the ends of sessions, grace periods and lifetimes.
 *
 * @public
 */
export const sessionSequencesContract: Contract<CreateManager> = {
  name: "Sessions, one call after the other",
  laws: [80, 83, 85, 87, 92, 94, 95, 96, 98, 101, 143],
  property(createManager) {
    const format = formatOf(createManager);
    return fc.asyncProperty(stories(stepsIn(format), 50), async ({ steps }) => {
      const run = begin(createManager, format);
      for (const step of steps) await step.take(run);
      await examine(run);
    });
  },
};

function begin(createManager: CreateManager, format: SessionFormat): Run {
  const clock = createVirtualClock();
  const handler = createReferenceHandler({ clock });
  const lifetime = knowsLifetime(format) && { lifetimeSeconds: LIFETIME_SECONDS };
  const limits = { idleTimeoutSeconds: IDLE_SECONDS, touchEverySeconds: 0, ...lifetime };
  const create = () => createManager({ handler, clock, maxConflicts: 100, ...limits });
  return { model: createModel(format), managers: [create(), create()], clock };
}
