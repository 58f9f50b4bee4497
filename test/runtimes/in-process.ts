import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import { installBeside } from "../url/installation.ts";
import type { Result } from "./areas.ts";
import type { Report } from "./report.ts";
import type { StoreLink } from "./stores.ts";

/** How a runtime is started. */
export interface Program {
  /** The program, and its arguments before the script. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The `node_modules` with the clients. */
  readonly modules: string;
  /** What stands before the cases, in the script. */
  readonly banner?: string;
}

const { peerDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
const clients = Object.keys(peerDependencies);
const limitMs = 240_000;

/** Lets a process execute all cases, in one script, with the package as it is installed. */
export async function runInProcess(program: Program, stores: StoreLink): Promise<Report> {
  using installation = installBeside(program.modules, clients);
  const [command = "", ...args] = program.command;
  const child = spawn(command, [...args, await bundle(installation.home, program.banner)], {
    cwd: installation.home,
    env: { PATH: process.env.PATH, HOME: installation.home, STORES: JSON.stringify(stores.sources), ...program.env },
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  child.stdin.on("error", () => {}); // of one that has ended too early, which is seen by what it has not said
  const ended = once(child, "close");
  const complaint = text(child.stderr);
  const results: Result[] = [];
  let version: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line);
    if (said.version) version = said.version;
    if (said.result) results.push(said.result);
    if (said.request) {
      await stores.ask(said.request);
      child.stdin.write("\n");
    }
    if (said.isDone) child.stdin.end();
  }
  const [exitCode] = await ended;
  return { version, results, exitCode, complaint: await complaint };
}

async function bundle(folder: string, banner = ""): Promise<string> {
  const script = join(folder, "cases.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "cases.child.ts")],
    outfile: script,
    bundle: true,
    packages: "external",
    format: "esm",
    target: "es2022", // all runtimes get the same, and none has to know `using`
    logLevel: "error",
    banner: { js: banner },
  });
  return script;
}
