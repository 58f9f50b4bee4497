import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findExecutable, installDebianPackages } from "./debian.ts";

/** The folder in which Debian keeps libraries of PHP. It is on the `include_path` of Debian's PHP. */
export const phpLibraries = "/usr/share/php";

/** The Debian packages of PHP itself, of its extensions and of its libraries, each with how to find out if it is there. */
const packages: Readonly<Record<string, (modules: readonly string[]) => boolean>> = {
  "php-cli": (modules) => modules.includes("session"),
  "php-redis": (modules) => modules.includes("redis"),
  "php-memcached": (modules) => modules.includes("memcached"),
  "php-igbinary": (modules) => modules.includes("igbinary"),
  "php-msgpack": (modules) => modules.includes("msgpack"),
  "php-predis": () => existsSync(join(phpLibraries, "Predis/autoload.php")),
  "php-symfony-http-foundation": () => hasSymfony("Component/HttpFoundation"),
  "php-symfony-framework-bundle": () => hasSymfony("Bundle/FrameworkBundle"),
  "php-symfony-security-bundle": () => hasSymfony("Bundle/SecurityBundle"),
};

/** Vitest calls it once before the files of a project that needs it. */
export function setup(): void {
  const version = runPhp(
    "-r",
    "echo PHP_VERSION, ', Symfony ', (include 'Symfony/Component/HttpKernel/autoload.php') ? Symfony\\Component\\HttpKernel\\Kernel::VERSION : '?';",
  );
  console.info(`PHP: ${version}`);
}

/** The program of a real PHP with Symfony. Obtains what is missing first. */
export function phpBinary(): string {
  obtainPhp();
  const command = findExecutable("php");
  if (command === undefined) throw new Error("The package php-cli was installed, but the program php is not in it.");
  return command;
}

/**
 * Makes sure that this machine has PHP with its extensions and libraries, and throws an error with the line to type where
 * it may not install them. To be called once before test files run in parallel: two installations at a time lock each
 * other out.
 */
export function obtainPhp(): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const lineToType = `sudo apt-get install -y ${missing.join(" ")}`;
  installDebianPackages(missing, lineToType);
  const stillMissing = missingPackages();
  if (stillMissing.length > 0) {
    throw new Error(
      `These packages were installed, but PHP does not find what is in them: ${stillMissing.join(", ")}.`,
    );
  }
}

function missingPackages(): string[] {
  const command = findExecutable("php");
  const modules = command === undefined ? [] : execFileSync(command, ["-m"], { encoding: "utf8" }).split("\n");
  return Object.keys(packages).filter((name) => !packages[name]?.(modules));
}

function hasSymfony(part: string): boolean {
  return existsSync(join(phpLibraries, "Symfony", part, "autoload.php"));
}

function runPhp(...args: readonly string[]): string {
  return execFileSync(phpBinary(), args, { encoding: "utf8" });
}
