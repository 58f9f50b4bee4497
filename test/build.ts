import { execFileSync } from "node:child_process";
import type { TestProject } from "vitest/node";

/**
 * Runs once before the tests. They import the package by its public names, so what they see is the build; it is made anew here,
 * and before each run of the watch mode, so that no test ever sees a stale one.
 */
export default function setup(project: TestProject): void {
  build();
  project.onTestsRerun(async () => build());
}

function build(): void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit", cwd: new URL("..", import.meta.url) });
}
