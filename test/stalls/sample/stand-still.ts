import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Stops this process with all its threads, which to them is as if the machine had stood still. */
export async function standStill(ms: number): Promise<void> {
  const script = 'kill -STOP "$0"; sleep "$1"; kill -CONT "$0"';
  await promisify(execFile)("sh", ["-c", script, String(process.pid), String(ms / 1000)]);
}
