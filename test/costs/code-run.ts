import { startProcess } from "../processes/processes.ts";

/** The code of `src/` that an operation runs: a reader of the operation has to know it. */
export interface CodeRun {
  readonly files: number;
  readonly functions: number;
  readonly calls: number;
}

export type CodeRuns = Readonly<Record<string, CodeRun>>;

/** Counts in a process of its own. `bundle`: a module of the core and the memory handler, made of the sources by esbuild. */
export async function codeRunsIn(bundle: string): Promise<CodeRuns> {
  using child = startProcess(new URL("./code-run.child.ts", import.meta.url), { BUNDLE: bundle });
  return await child.next<CodeRuns>();
}

/** Lists the operations that run more code than they may, or have no budget. */
export function codeOverruns(runs: CodeRuns, budgets: CodeRuns): string[] {
  return Object.entries(runs).flatMap(([name, run]) => {
    const budget = budgets[name];
    if (budget === undefined) return [`${name} has no budget`];
    return (["files", "functions", "calls"] as const)
      .filter((unit) => run[unit] > budget[unit])
      .map((unit) => `${name}: ${run[unit]} ${unit}, of which ${budget[unit]} are allowed`);
  });
}
