import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The full path of an executable file, or `undefined` when this machine has none of that name. */
export function findExecutable(name: string): string | undefined {
  // The sbin directories are not on the PATH of an ordinary user, though what lies there may be run by him.
  const directories = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

/** Whether a file exists and may be executed. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs Debian packages where that surprises nobody: in CI, or as root on a Debian or Ubuntu system. Everywhere
 * else it throws an error with the line to type, because a test that skips itself silently proves nothing.
 */
export function installDebianPackages(names: readonly string[], lineToType: string): void {
  const aptGet = findExecutable("apt-get");
  const isRoot = process.getuid?.() === 0;
  if (aptGet === undefined || !(isRoot || process.env.CI === "true")) {
    throw new Error(`These tests need what is in ${names.join(", ")}. Install it with: ${lineToType}`);
  }
  const command = isRoot ? [aptGet] : ["sudo", "-n", aptGet];
  console.log(`Installing ${names.join(", ")} with ${command.join(" ")}, because the tests need it.`);
  try {
    // One repository of many that is out of reach fails the update and need not concern these packages: the
    // installation decides.
    tryRun([...command, "update"]);
    run([...command, "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends", ...names]);
  } catch (cause) {
    throw new Error(`${names.join(", ")} could not be installed. Install it with: ${lineToType}`, { cause });
  }
}

function tryRun(command: readonly string[]): void {
  try {
    run(command);
  } catch (error) {
    console.warn(String(error));
  }
}

function run([command = "", ...args]: readonly string[]): void {
  execFileSync(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}
