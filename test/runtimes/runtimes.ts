import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { obtain } from "./obtain.ts";

/** A runtime of JavaScript that executes the cases. */
export interface Runtime {
  /** As the README has it: with the version. */
  readonly name: string;
  readonly version: string;
  /** The program, and its arguments before the script. Throws where there is none for this machine. */
  command(): readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The cases that do not hold there, each with the word for it in the README. */
  readonly exceptions: Readonly<Record<string, string>>;
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

const kinds: readonly Kind[] = [
  ...[20, 22, 24].map((major) => ({
    name: "Node.js",
    packages: { x64: `node${major}-linux-x64`, arm64: `node${major}-linux-arm64` },
    program: "bin/node",
  })),
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
];

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "installation/package.json"), "utf8"));

/** Every runtime that is had from npm. */
export const runtimes: readonly Runtime[] = kinds.map(
  ({ name, packages, program, args = [], env = {}, exceptions = {} }) => {
    // The alias of another package carries that package's name before the version.
    const version = String(manifest.optionalDependencies[packages.x64]).replace(/^npm:.*@/, "");
    return {
      name: `${name} ${version}`,
      version,
      env,
      exceptions,
      command: () => [programOf(packages, program), ...args],
    };
  },
);

function programOf(packages: Kind["packages"], program: string): string {
  const name = process.arch === "arm64" ? packages.arm64 : packages.x64;
  const file = join(obtain("installation"), name, program);
  if (existsSync(file)) return file;
  throw new Error(
    "npm has these runtimes for Linux with glibc, on x64 and arm64. Elsewhere, run the tests in a container: " +
      'docker run --rm -it -v "$PWD:/app" -w /app node:20 npm run test:all',
  );
}
