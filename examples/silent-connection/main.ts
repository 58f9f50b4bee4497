import { once } from "node:events";
import { fstatSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { explain, isExpected, Mistake } from "../explain.ts";
import { commandList, runCommands } from "./commands.ts";
import { playDemo } from "./demo.ts";
import { openStore, type Store } from "./store.ts";

/** Time in ms to wait for the first piped line before concluding that there is none. */
const firstLineWithinMs = 1000;

process.stdout.on("error", () => process.exit()); // its reader, such as `head`, has read enough

try {
  const wantsDemo = readArguments(process.argv.slice(2));
  await using store = await openStore(process.env.SESSION_STORE || "memory:");
  console.log(`Sessions are kept in ${store.description}.`);
  const hasCommands = !wantsDemo && (await hasInput()) && (await followCommands(store));
  if (!hasCommands) await playDemo(store);
} catch (error) {
  if (!isExpected(error)) throw error;
  console.error(explain(error));
  process.exit(1); // a pending name lookup would keep the process alive for seconds
}

function readArguments(given: readonly string[]): boolean {
  const unknown = given.find((argument) => argument !== "--demo");
  if (unknown !== undefined)
    throw new Mistake(`There is no option ${unknown}. The only one is --demo, which plays a scene.`);
  return given.length > 0;
}

/** Returns true if somebody types, or something was piped in. */
async function hasInput(): Promise<boolean> {
  if (process.stdin.isTTY) return true;
  const input = fstatSync(process.stdin.fd);
  if (!input.isFIFO() && !input.isSocket() && !input.isFile()) return false;
  // The end of an empty input is also readable, without any data.
  const firstLine = once(process.stdin, "readable").then(() => process.stdin.readableLength > 0);
  const patience = new AbortController();
  const hasCome = await Promise.race([firstLine, sleep(firstLineWithinMs, false, patience)]);
  patience.abort();
  if (!hasCome) process.stdin.destroy(); // an open pipe would keep the process alive
  return hasCome;
}

/** Executes the commands, and returns true if there were any. */
async function followCommands(store: Store): Promise<boolean> {
  if (process.stdin.isTTY) console.log(`${commandList}\nA scene that shows it all: npm run start:silence -- --demo`);
  const lines = createInterface({ input: process.stdin, output: process.stdin.isTTY ? process.stdout : undefined });
  try {
    const { count, failed } = await runCommands(lines, store);
    if (failed > 0 && !process.stdin.isTTY) process.exitCode = 1;
    return count > 0 || process.stdin.isTTY;
  } finally {
    lines.close();
  }
}
