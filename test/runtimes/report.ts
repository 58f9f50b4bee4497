import type { Areas, Result } from "./areas.ts";

/** What became of the cases on a runtime. */
export interface Report {
  /** What the runtime says of itself. */
  readonly version: string | undefined;
  readonly results: readonly Result[];
  /** How its process ended, and what it complained of. */
  readonly exitCode: number | null;
  readonly complaint: string;
}

/** The cases that do not hold, or were not run. */
export function failuresIn({ results }: Report, areas: Areas): Result[] {
  return Object.entries(areas).flatMap(([area, cases]) => {
    const ofArea = results.filter((result) => result.area === area);
    const missing = cases.filter(({ name }) => !ofArea.some((result) => result.name === name));
    return [
      ...ofArea.filter(({ failure }) => failure !== undefined),
      ...missing.map(({ name }) => ({ area, name, failure: "was not run" })),
    ];
  });
}
