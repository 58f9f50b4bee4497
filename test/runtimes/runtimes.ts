import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInProcess } from "./in-process.ts";
import { runInWorker } from "./in-worker.ts";
import { obtain } from "./obtain.ts";
import type { Report } from "./report.ts";
import type { StoreLink } from "./stores.ts";

/** A runtime of JavaScript that executes the cases. */
export interface Runtime {
  /** As docs/runtimes.md has it: with the version. */
  readonly name: string;
  /** What it says of its version. */
  readonly says: string;
  /** The areas that it cannot have. */
  readonly lacks: readonly string[];
  /** The cases that do not hold there, each with the word for it on that page. */
  readonly exceptions: Readonly<Record<string, string>>;
  run(stores: StoreLink): Promise<Report>;
}

interface Kind {
  readonly name: string;
  /** As `installation/package.json` calls it, for each kind of machine. */
  readonly packages: { readonly x64: string; readonly arm64: string };
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly exceptions?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, "../..");
const modules = join(root, "node_modules");

const kinds = [
  nodeOf(20),
  nodeOf(22),
  nodeOf(24),
  {
    name: "Bun",
    packages: { x64: "@oven/bun-linux-x64", arm64: "@oven/bun-linux-aarch64" },
    program: "bin/bun",
    args: ["--no-install"], // or it would get what is missing from npm
    // Its own ws is in the place of the one that is installed.
    exceptions: { "a message in more parts than maxFragments closes the socket with 1008": "`maxFragments`" },
  },
  {
    name: "Deno",
    packages: { x64: "@deno/linux-x64-glibc", arm64: "@deno/linux-arm64-glibc" },
    program: "deno",
    args: ["run", "--allow-all", "--no-remote", "--no-lock", "--quiet", "--node-modules-dir=manual"],
    env: { DENO_NO_UPDATE_CHECK: "1" },
  },
] as const satisfies readonly Kind[];

const { optionalDependencies } = manifestIn(join(import.meta.dirname, "installation"));

/** Every runtime that the cases are executed by. */
export const runtimes: readonly Runtime[] = [
  ...kinds.map((kind) => inProcess(kind, () => modules)),
  ofOldestClients(kinds[0]),
  {
    name: `workerd ${manifestIn(join(modules, "workerd")).version}`,
    says: "Cloudflare-Workers",
    lacks: ["sockets", "crossws", "Redis", "Memcached"],
    exceptions: {},
    run: runInWorker,
  },
];

function nodeOf(major: number): Kind {
  const packages = { x64: `node${major}-linux-x64`, arm64: `node${major}-linux-arm64` };
  return { name: "Node.js", packages, program: "bin/node" };
}

function inProcess(kind: Kind, clients: () => string): Runtime {
  const { name, packages, program, args = [], env = {}, exceptions = {} } = kind;
  // The alias of another package carries that package's name before the version.
  const version = String(optionalDependencies[packages.x64]).replace(/^npm:.*@/, "");
  return {
    name: `${name} ${version}`,
    says: version,
    lacks: [],
    exceptions,
    run: (stores) =>
      runInProcess({ command: [programOf(packages, program), ...args], env, modules: clients() }, stores),
  };
}

function ofOldestClients(kind: Kind): Runtime {
  const runtime = inProcess(kind, () => obtain("least-clients"));
  return { ...runtime, name: `${runtime.name}, oldest clients` };
}

function manifestIn(folder: string) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function programOf(packages: Kind["packages"], program: string): string {
  const name = process.arch === "arm64" ? packages.arm64 : packages.x64;
  const file = join(obtain("installation"), name, program);
  if (existsSync(file)) return file;
  throw new Error(
    "npm has these runtimes for Linux with glibc, on x64 and arm64. Elsewhere, run the tests in a container: " +
      'docker run --rm -it -v "$PWD:/app" -w /app node:20 npm run test:all',
  );
}
