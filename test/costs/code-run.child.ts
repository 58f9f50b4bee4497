import { readFileSync } from "node:fs";
import { type Profiler, Session } from "node:inspector";
import { pathToFileURL } from "node:url";
import type * as core from "sessionwire";
import type * as memory from "sessionwire/memory";
import { end } from "../processes/processes.ts";
import type { CodeRun, CodeRuns } from "./code-run.ts";

// Counts the code that operations run, and reports it. V8 counts each function and each call of it; the comments that esbuild
// leaves above each source say where a function comes from.

const { BUNDLE: bundle = "" } = process.env;
const inspector = new Session();
inspector.connect();
inspector.post("Profiler.enable");
inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });

const text = readFileSync(bundle, "utf8");
const sources = Array.from(text.matchAll(/^\/\/ ((?:src|adapters)\/\S+\.ts)$/gm), ({ index, 1: file = "" }) => ({
  index,
  file,
}));
const parts = (await import(pathToFileURL(bundle).href)) as typeof core & typeof memory; // the bundle of these two

await using sessions = parts.createSessionManager({ handler: parts.createMemoryHandler() });
const session = await sessions.create();
let count = 0;
const setAndSave = async () => {
  count += 1;
  session.set("n", count);
  await session.save();
};
await setAndSave(); // it is stored from now on
const runs: CodeRuns = { "set, save": await codeRunOf(setAndSave) };
end(runs);
process.exit();

async function codeRunOf(run: () => Promise<void>): Promise<CodeRun> {
  takeCoverage();
  await run();
  const functions = takeCoverage().filter(({ file }) => file.startsWith("src/"));
  const calls = functions.reduce((sum, { calls }) => sum + calls, 0);
  return { files: new Set(functions.map(({ file }) => file)).size, functions: functions.length, calls };
}

/** Returns the functions that have run since it was called last. */
function takeCoverage(): { readonly file: string; readonly calls: number }[] {
  const scripts: Profiler.ScriptCoverage[] = [];
  inspector.post("Profiler.takePreciseCoverage", (error, { result }) => {
    if (error) throw error;
    scripts.push(...result);
  });
  const { functions = [] } = scripts.find(({ url }) => url === pathToFileURL(bundle).href) ?? {};
  return functions.flatMap(({ ranges: [range] }) =>
    range && range.count > 0 ? [{ file: fileAt(range.startOffset), calls: range.count }] : [],
  );
}

function fileAt(offset: number): string {
  return sources.findLast(({ index }) => index <= offset)?.file ?? "";
}
