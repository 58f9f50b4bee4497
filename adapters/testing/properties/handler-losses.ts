import fc from "fast-check";
import { createHistory } from "../history.ts";
import type { CreateHandler } from "../laws/call/fixture.ts";
import { simulateNetworkOf } from "../laws/call/fixture.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { type Contract, holds, type Story } from "./contract.ts";
import { callers, follow, type Kind, readAtLast } from "./handler-overlaps.ts";

interface Losses extends Story {
  readonly plans: readonly (readonly Kind[])[];
  readonly messages: readonly { readonly latencyMs: number; readonly lost: boolean }[];
}

/** The fates of the messages, in order. Further messages arrive after a moment. */
const messages = fc.array(
  fc.record({ latencyMs: fc.nat(7), lost: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean()) }),
);

const losses: fc.Arbitrary<Losses> = fc.record({ plans: callers, messages }).map((story) => ({
  ...story,
  toString: () => {
    const fates = story.messages.map(({ latencyMs, lost }) => (lost ? "lost" : `${latencyMs} ms`));
    return `${story.plans.map((plan) => `[${plan.join(", ")}]`).join(" beside ")}, messages ${fates.join(", ")}`;
  },
}));

/**
 * On a network on which each message may be late or lost, in either direction, the history of a session is linearizable
 * (law 30, and therefore 32, 34, 36 and 37). A call whose outcome is unknown may or may not have taken effect.
 *
 * @public
 */
export const lossyNetworkContract: Contract<CreateHandler> = {
  name: "A handler on a network that loses messages",
  laws: [30, 33, 34],
  property: (createHandler) =>
    fc.asyncProperty(losses, async ({ plans, messages }) => {
      const clock = createVirtualClock();
      const network = simulateNetworkOf(createHandler, { clock, timeoutMs: 50 });
      const history = createHistory();
      const handler = history.record(network.handler);
      const left = [...messages];
      network.fate = () => left.shift() ?? { latencyMs: 1, lost: false };
      let writes = 0;
      const callers = Promise.all(plans.map((plan) => follow(handler, plan, () => `content ${++writes}`)));
      callers.catch(() => {}); // awaited below, once time has passed
      await clock.advance(10_000);
      await callers;
      network.fate = undefined;
      const last = readAtLast(handler);
      last.catch(() => {});
      await clock.advance(10_000);
      await last;
      holds(
        30,
        history.check() === "linearizable",
        `No order of the calls explains the answers:\n${history.describe()}\n`,
      );
    }),
};
