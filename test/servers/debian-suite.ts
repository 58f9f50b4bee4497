import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachedFolder } from "../fixtures/cached-folder.ts";
import { findExecutable } from "./debian.ts";

/** A program in a package of Debian. */
export interface DebianProgram {
  readonly package: string;
  readonly file: string;
  /** What it is to be called, which decides what some programs are. */
  readonly name: string;
}

const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Gets programs from another suite of Debian, with the libraries of that suite, without a change to this machine and without being
 * root. Each then lies, under its name, in the folder `bin/<package>` of the folder that is returned.
 */
export function obtainFromSuite(suite: string, programs: readonly DebianProgram[]): string {
  const packages = programs.map((program) => program.package);
  const description = `${packages.join(" and ")} of Debian's suite ${suite}`;
  return cachedFolder({ name: suite, description, recipe: JSON.stringify(programs) }, (folder) => {
    const downloads = join(folder, "apt");
    const apt = aptOf(suite, downloads);
    apt("apt-get", "update");
    apt("apt-get", "download", ...withLibraries(packages, apt));
    for (const file of readdirSync(downloads).filter((name) => name.endsWith(".deb"))) {
      execFileSync("dpkg", ["--extract", join(downloads, file), join(folder, "root")]);
    }
    for (const program of programs) writeCommand(folder, program);
    rmSync(downloads, { recursive: true });
  });
}

type Apt = (command: "apt-get" | "apt-cache", ...args: string[]) => string;

/** The package tools on that suite alone, with everything they write in a folder of its own. */
function aptOf(suite: string, folder: string): Apt {
  if (findExecutable("apt-get") === undefined || !existsSync(keys)) {
    throw new Error(
      "These tests take servers from newer suites of Debian, and need apt-get and the package debian-archive-keyring. " +
        'Elsewhere, run them in a container: docker run --rm -it -v "$PWD:/app" -w /app node:20 npm run test:all',
    );
  }
  for (const name of ["lists/partial", "archives/partial", "empty"]) mkdirSync(join(folder, name), { recursive: true });
  const sources = join(folder, "sources.list");
  writeFileSync(sources, `deb [signed-by=${keys}] ${mirror()} ${suite} main\n`);
  const settings = {
    "Dir::Etc::SourceList": sources,
    "Dir::Etc::SourceParts": join(folder, "empty"),
    "Dir::Etc::Preferences": "/dev/null",
    "Dir::Etc::PreferencesParts": join(folder, "empty"),
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::State::Status": "/dev/null", // as if nothing were installed
    "Dir::Cache": folder,
    "Acquire::Languages": "none",
    "APT::Sandbox::User": "", // another user could not write here
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return (command, ...args) =>
    execFileSync(command, [...options, "--quiet", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
}

/** Where this machine gets Debian from; any other machine gets it from everybody's. */
function mirror(): string {
  const format = ["--format", "$(ORIGIN) $(REPO_URI)", "Created-By: Packages"];
  const targets = execFileSync("apt-get", ["indextargets", ...format], { encoding: "utf8" });
  return /^Debian (\S+\/debian\/?)$/m.exec(targets)?.[1] ?? "http://deb.debian.org/debian";
}

/** The packages, and all libraries that they need, directly or for the sake of another library. */
function withLibraries(packages: readonly string[], apt: Apt): string[] {
  const found = new Set(packages);
  for (let latest = [...packages]; latest.length > 0; ) {
    const lines = apt("apt-cache", "depends", "--important", ...latest);
    const needed = [...lines.matchAll(/^ +(?:Pre)?Depends: ((?:lib|zlib)\S+)/gm)].map(([, name = ""]) => name);
    latest = needed.filter((name) => !found.has(name));
    for (const name of needed) found.add(name);
  }
  return [...found];
}

/** Lets the loader of that suite start the program, with the libraries of that suite. */
function writeCommand(folder: string, program: DebianProgram): void {
  const libraries = "root/usr/lib/$(uname -m)-linux-gnu";
  const lines = [
    "#!/bin/sh",
    'here="$(dirname "$0")/../.."',
    `libraries="$here/${libraries}"`,
    `exec "$libraries"/ld-linux-*.so.* --library-path "$libraries" --argv0 ${program.name} "$here/root/${program.file}" "$@"`,
  ];
  const place = join(folder, "bin", program.package);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, program.name), `${lines.join("\n")}\n`, { mode: 0o755 });
}
