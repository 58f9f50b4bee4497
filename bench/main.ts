import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { updateFigures, writePage } from "./page/page.ts";
import type { Measurements } from "./tools/report.ts";

// Runs all benches, or the named ones, one after the other, each in a separate process.
//
//   npm run bench                                all of them
//   npm run bench -- sessions http --json FILE   these two, with all figures in a file
//   npm run bench -- observing                   what observers cost, in nanoseconds
//   npm run bench -- symfony                     how long a large session of PHP takes, beside JSON
//   npm run bench -- decorators endings          these two, which run only on request
//   npm run bench -- weight                      the sizes of the package and of bundles, and records them for a test
//   npm run bench -- --quick                     only checks that each of them runs
//   npm run bench:all                            all of them, or the named ones again, for docs/benchmarks.md
const all = ["handlers", "server-time", "sessions", "http", "sockets", "writers", "memory", "upstash", "imports"];
const more = ["decorators", "endings", "idle-sockets", "observing", "symfony", "weight"]; // two take minutes, most of which is waiting; the last measures sizes

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const unknown = positionals.filter((name) => ![...all, ...more].includes(name));
if (unknown.length > 0) throw new Error(`There is no bench "${unknown}". There are: ${[...all, ...more].join(", ")}.`);
const names = positionals.length > 0 ? positionals : all;
const directory = mkdtempSync(join(tmpdir(), "bench-"));
const results: Record<string, Measurements> = {};
const startedAt = performance.now();
for (const [place, name] of names.entries()) {
  console.log(`\n== ${name} (${place + 1} of ${names.length}, after ${secondsSince(startedAt)} s)`);
  const measured = await runBench(name);
  if (measured === undefined) continue;
  results[name] = measured;
  if (options.docs) updateFigures(name, measured);
}
rmSync(directory, { recursive: true });
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
if (options.docs) writePage();
const failed = names.filter((name) => results[name] === undefined);
console.log(`\n${secondsSince(startedAt)} s${failed.length > 0 ? `; failed: ${failed.join(", ")}` : ""}`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** Runs one bench. A failure does not prevent the others from being measured. */
async function runBench(name: string): Promise<Measurements | undefined> {
  const file = join(directory, `${name}.json`);
  const program = join(import.meta.dirname, `${name}.ts`);
  const args = ["--expose-gc", "--import", "tsx", program, "--json", file, ...(options.quick ? ["--quick"] : [])];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  const [code] = await once(child, "exit");
  return code === 0 ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 1000);
}
