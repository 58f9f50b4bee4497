import type { Story } from "../contract.ts";
import type { SessionBeginning } from "./vocabularies.ts";
import type { ProcessPlan } from "./world.ts";

/**
 * What happens to a session.
 *
 * @public
 */
export interface SessionScript {
  /** How it begins. */
  readonly beginning: SessionBeginning;
  /** Who works with it. */
  readonly processes: readonly ProcessPlan[];
  /** What becomes of the messages. */
  readonly fates: readonly string[];
  /** Whether all save once more when all is well again. */
  readonly savesAtEnd: boolean;
}

/**
 * A story as one writes it down: for the examples of a property.
 *
 * @public
 */
export function tellSession(script: SessionScript): SessionScript & Story {
  return { ...script, toString: () => describeScript(script) };
}

function describeScript({ beginning, processes, fates, savesAtEnd }: SessionScript): string {
  return [
    `${beginning}`,
    ...processes.map(describeProcess),
    ...(fates.length > 0 ? [`the messages: ${fates.join(", ")}`] : []),
    ...(savesAtEnd ? ["in the end, all save"] : []),
  ].join("; ");
}

function describeProcess({ plans, lossesAre, maxConflicts }: ProcessPlan): string {
  const all = plans.map((plan) => plan.join(", ")).join(" | ");
  return `a process: ${all} (losses are ${lossesAre}${maxConflicts < 100 ? `, gives up after ${maxConflicts} conflict` : ""})`;
}
