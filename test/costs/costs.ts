import { startProcess } from "../processes/processes.ts";
import { budgets } from "./budgets.ts";
import { type Cost, flags } from "./measure.ts";

export type Costs = Readonly<Record<string, Cost>>;

export interface CostsOptions {
  /** Where a Redis is; absent: a store that answers on the spot. */
  readonly REDIS_URL?: string;
  /** A module in the place of the package. */
  readonly PARTS?: string;
  /** A part of the names of those that are to be measured. */
  readonly ONLY?: string;
}

/** Measures operations in a process of its own. */
export async function costsOf(options: CostsOptions): Promise<Costs> {
  using child = startProcess(new URL("./costs.child.ts", import.meta.url), { ...options }, flags);
  return await child.next<Costs>();
}

/** Says what costs more than it may, or has no budget. */
export function overruns(costs: Costs): string[] {
  return Object.entries(costs).flatMap(([name, cost]) => {
    const budget = budgets[name];
    if (budget === undefined) return [`${name} has no budget`];
    return (["promises", "timers", "heapBytes"] as const)
      .filter((unit) => cost[unit] > budget[unit] * allowed[unit])
      .map((unit) => `${name}: ${cost[unit]} ${unit}, of which ${budget[unit]} are allowed`);
  });
}

/** Promises and timers are exact. The bytes differ by some hundredths from run to run, as the compiler decides anew. */
const allowed: Cost = { promises: 1, timers: 1, heapBytes: 1.15 };
