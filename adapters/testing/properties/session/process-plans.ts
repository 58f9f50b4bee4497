import fc from "fast-check";

/**
 * A process: several activities at the same time, each step by step.
 *
 * @public
 */
export interface ProcessPlan {
  /** The error for a lost message: a timeout, or a broken connection. */
  readonly lossesAre: "timeouts" | "broken connections";
  /** Maximum number of conflicts for one save. */
  readonly maxConflicts: number;
  /** Its activities. */
  readonly plans: readonly (readonly string[])[];
}

/**
 * Generates the fates of the messages between the processes and their store, in the order in which they are sent: a
 * delay, `"lost"`, or `"refused"` if a call begins with it. Further messages arrive after a moment.
 *
 * @public
 */
export function messageFates(): fc.Arbitrary<string[]> {
  const fate = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("1 ms", "2 ms", "4 ms", "8 ms", "16 ms") },
    { weight: 2, arbitrary: fc.constantFrom("60 ms", "90 ms") },
    { weight: 2, arbitrary: fc.constant("lost") },
    { weight: 1, arbitrary: fc.constant("refused") },
  );
  return fc.array(fate, { maxLength: 40, size: "max" });
}

/**
 * Generates up to three processes, each with up to two activities that consist of these steps.
 *
 * @public
 */
export function processPlans(steps: fc.Arbitrary<string>): fc.Arbitrary<ProcessPlan[]> {
  const plan = fc.array(steps, { minLength: 1, maxLength: 7, size: "max" });
  const oneProcess = fc.record({
    lossesAre: fc.constantFrom("timeouts" as const, "broken connections" as const),
    maxConflicts: fc.constantFrom(100, 100, 100, 1),
    plans: fc.array(plan, { minLength: 1, maxLength: 2 }),
  });
  return fc.array(oneProcess, { minLength: 1, maxLength: 3 });
}
