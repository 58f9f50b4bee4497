import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { quantile } from "../tools/numbers.ts";
import type { TableRow } from "../tools/report.ts";

/** Clients that come with an adapter are also imported alone, to show their share. */
const clients = ["ioredis", "memjs", "express-session", "ws"];

/** Imports every module in each round, each time in a fresh process. */
export async function compareImports(modules: readonly string[], rounds: number): Promise<TableRow[]> {
  const names = [...modules, ...clients];
  const samples = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) samples.get(name)?.push(await measure(name));
  }
  return names.map((name) => {
    const times = samples.get(name) ?? [];
    return { name, values: [quantile(times, 0.2), quantile(times, 0.8)] };
  });
}

/**
 * Returns the processor time of an import, in milliseconds. A process that has imported only one module of Node is the
 * baseline.
 */
async function measure(name: string): Promise<number> {
  const program = `
    await import("node:fs");
    const before = process.cpuUsage();
    await import(${JSON.stringify(name)});
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: new URL("../..", import.meta.url),
  });
  return Number(stdout);
}
