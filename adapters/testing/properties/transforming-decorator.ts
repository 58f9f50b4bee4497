import fc from "fast-check";
import { type Contract, type Step, type Story, stories } from "./contract.ts";
import { type Call, calls } from "./transforming-decorator/calls.ts";
import { close } from "./transforming-decorator/closing.ts";
import { Scene, type Setting } from "./transforming-decorator/scene.ts";
import { looks, steps } from "./transforming-decorator/steps.ts";
import type { TransformingDecorator } from "./transforming-decorator/subject.ts";

export type { TransformingDecorator };

/**
 * A decorator that changes the bytes on their way to the store, and nothing else: callers get back the data they have
 * written in every answer that contains data; versions, conditions and times to live are those of the inner handler;
 * and data that cannot be decoded is `corrupt`.
 *
 * @public
 */
export const transformingDecoratorContract: Contract<TransformingDecorator> = {
  name: "A decorator that changes the bytes",
  laws: [
    3, 4, 5, 10, 14, 17, 23, 24, 31, 32, 33, 34, 35, 38, 39, 40, 43, 44, 54, 56, 57, 70, 105, 106, 109, 110, 112, 113,
    139, 140, 141,
  ],
  property: (subject) =>
    fc.asyncProperty(fc.tuple(settings, stories(steps, 12), calls).map(withEnd), async ({ setting, steps }) => {
      const scene = new Scene(subject, setting);
      for (const step of steps) await step.take(scene);
    }),
};

const settings: fc.Arbitrary<Setting> = fc.record({
  hasLimit: fc.boolean(),
  lists: fc.boolean(),
  isTwice: fc.boolean(),
});

/** At the end, both sessions are read, and everything is closed during a last call. */
function withEnd([setting, story, last]: [Setting, Story & { steps: Step<Scene>[] }, Call]) {
  const steps = [...story.steps, ...looks(), close(last)];
  const { hasLimit, lists, isTwice } = setting;
  const told = [isTwice && "two around each other", hasLimit && "around a limit", lists && "around a listing"];
  const around = told.filter((each) => each !== false).join(" ");
  return {
    setting,
    steps,
    toString: () => `${around === "" ? "" : `${around}: `}${steps.map(({ words }) => words).join(", ")}`,
  };
}
