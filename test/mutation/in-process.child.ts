import { on } from "node:events";
import { type BrokenFile, createBundles, UnloadableMutant } from "../mutants/bundles.ts";
import { type AllParts, failingCheck } from "./checks.ts";
import type { Said } from "./in-process.ts";

// Tries each broken version that it is sent, one after the other, and says whether it was found. One that never ends keeps this process
// from going on, and the one that waits for it starts another.

process.on("unhandledRejection", () => {}); // what broken versions leave behind
process.on("uncaughtException", () => {});
const bundles = createBundles("memory", "express");
process.send?.(bundles.directory);
for await (const [message] of on(process, "message")) {
  say((await isFound(JSON.parse(String(message)))) ? "found" : "survived");
}

async function isFound(broken: BrokenFile): Promise<boolean> {
  try {
    return (await failingCheck(await bundles.load<AllParts>(broken), () => say("busy"))) !== undefined;
  } catch (error) {
    if (error instanceof UnloadableMutant) return true;
    throw error;
  }
}

function say(what: Said): void {
  process.send?.(what);
}
