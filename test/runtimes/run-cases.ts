import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type BuildOptions, build } from "esbuild";
import { installBeside } from "../url/installation.ts";
import type { Case } from "./case.ts";
import type { Runtime } from "./runtimes.ts";

/** What became of the cases on a runtime. */
export interface Report {
  /** What the runtime says of itself. */
  readonly version: string;
  readonly results: readonly Result[];
  /** How the process ended, and what it complained of. */
  readonly exitCode: number | null;
  readonly complaint: string;
}

export interface Result {
  readonly area: string;
  readonly name: string;
  /** Absent when the case holds. */
  readonly failure?: string;
}

const clients = ["express-session", "fast-check", "ws"];
const limitMs = 120_000;

/**
 * Lets a runtime execute all cases, in one script, with the package as it is installed.
 *
 * @param modules - The `node_modules` from which the clients are taken.
 */
export async function runCases(runtime: Runtime, modules: string, options: BuildOptions = {}): Promise<Report> {
  using installation = installBeside(modules, clients);
  const script = join(installation.home, "cases.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "cases.child.ts")],
    outfile: script,
    bundle: true,
    packages: "external",
    format: "esm",
    target: "es2022", // all runtimes get the same, and none has to know `using`
    logLevel: "error",
    ...options,
  });
  const [command = "", ...args] = runtime.command();
  const child = spawn(command, [...args, script], {
    cwd: installation.home,
    env: { PATH: process.env.PATH, HOME: installation.home, ...runtime.env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const ended = once(child, "close");
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await ended;
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  const [first, ...results] = lines.map((line) => JSON.parse(line));
  return { version: first?.version, results, exitCode, complaint };
}

/** The cases of an area that do not hold, or were not run. */
export function failuresIn({ results }: Report, area: string, cases: readonly Case[]): Result[] {
  const ofArea = results.filter((result) => result.area === area);
  const missing = cases.filter(({ name }) => !ofArea.some((result) => result.name === name));
  return [
    ...ofArea.filter(({ failure }) => failure !== undefined),
    ...missing.map(({ name }) => ({ area, name, failure: "was not run" })),
  ];
}
