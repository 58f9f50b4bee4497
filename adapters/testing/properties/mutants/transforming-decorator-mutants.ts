import type { Mutant } from "../kill-table.ts";
import type { TransformingDecorator } from "../transforming-decorator.ts";
import { mutantsOfAnswers } from "./transforming-answer-mutants.ts";
import { mutantsOfCalls } from "./transforming-call-mutants.ts";
import { mutantsOfCodecs } from "./transforming-codec-mutants.ts";
import { mutantsOfFailures } from "./transforming-failure-mutants.ts";
import { mutantsOfKeys } from "./transforming-key-mutants.ts";

/**
 * Decorators that change the bytes, with one bug each, for `transformingDecoratorContract`.
 *
 * @public
 */
export function transformingDecoratorMutants(): Mutant<TransformingDecorator>[] {
  return [...mutantsOfCodecs(), ...mutantsOfAnswers(), ...mutantsOfFailures(), ...mutantsOfCalls(), ...mutantsOfKeys()];
}
