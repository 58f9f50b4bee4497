import type { Story } from "../contract.ts";
import type { ProcessPlan } from "./process-plans.ts";
import type { SessionBeginning } from "./vocabularies.ts";

/**
 * The story of a session.
 *
 * @public
 */
export interface SessionScript {
  /** The beginning of the session. */
  readonly beginning: SessionBeginning;
  /** The clients that work with it. */
  readonly processes: readonly ProcessPlan[];
  /** The fates of the messages. */
  readonly fates: readonly string[];
  /** `true` if all clients save again after the recovery. */
  readonly savesAtEnd: boolean;
}

/**
 * Returns a story in written form, for the examples of a property.
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
