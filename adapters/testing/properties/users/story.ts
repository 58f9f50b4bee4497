import type { Story } from "../contract.ts";
import type { ProcessPlan } from "../session/process-plans.ts";

/** The actions of several clients at the same time, and the fates of their messages. */
export interface UserStory extends Story {
  readonly processes: readonly ProcessPlan[];
  readonly fates: readonly string[];
  readonly maxSessions: number;
  readonly whenFull: "end-oldest" | "refuse";
}

export function storyOf(story: Omit<UserStory, "toString">): UserStory {
  return { ...story, toString: () => describeStory(story) };
}

function describeStory({ processes, fates, maxSessions, whenFull }: Omit<UserStory, "toString">): string {
  const limit = maxSessions === Infinity ? "" : `at most ${maxSessions}, or ${whenFull}; `;
  const plans = processes.map(
    (each) =>
      `a process: ${each.plans.map((plan) => plan.join(", ")).join(" | ")} (losses are ${each.lossesAre}${each.maxConflicts < 100 ? ", gives up after 1 conflict" : ""})`,
  );
  return `${limit}${plans.join("; ")}${fates.length > 0 ? `; the messages: ${fates.join(", ")}` : ""}`;
}
