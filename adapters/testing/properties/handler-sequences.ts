import fc from "fast-check";
import { print } from "../print.ts";
import { confusableIds } from "./arbitraries.ts";
import { type Contract, type Step, type Story, stories } from "./contract.ts";
import { look } from "./handler-sequences/comparison.ts";
import { steps } from "./handler-sequences/steps.ts";
import { createWorld, type HandlerStage, type World } from "./handler-sequences/world.ts";

/**
 * Any sequence of calls on a handler behaves like calls on a map with expiry.
 *
 * @public
 */
export const sequentialContract: Contract<() => HandlerStage | Promise<HandlerStage>> = {
  name: "A handler, one call after the other",
  laws: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 28],
  property: (createStage) =>
    fc.asyncProperty(fc.tuple(confusableIds(), stories(steps())).map(withIds), async ({ ids, steps }) => {
      const world = createWorld(await createStage(), ids);
      for (const step of steps) {
        await step.take(world);
        await world.stage.advance(0);
      }
      for (const id of ids) await look(world, id);
      await world.handler.close();
    }),
};

/** At the end, both are read. */
function withIds([ids, story]: [readonly [string, string], Story & { steps: Step<World>[] }]) {
  const [a = "", b = ""] = ids.map(print);
  return {
    ids,
    steps: story.steps,
    toString: () =>
      `${story.steps.length > 0 ? `${story}, ` : ""}read(#0), read(#1)`
        .replaceAll("#0", () => a)
        .replaceAll("#1", () => b),
  };
}
