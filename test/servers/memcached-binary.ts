import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findExecutable, installDebianPackages } from "./debian.ts";

/** Vitest calls it once before the files of a project that needs it. */
export { obtainMemcached as setup };

/** The program of a real Memcached server. Obtains it first when this machine has none. */
export function memcachedBinary(): string {
  obtainMemcached();
  const command = findExecutable("memcached");
  if (command === undefined) throw new Error("The package memcached was installed, but the server is not in it.");
  return command;
}

/** The library that lets a process live at another time. Obtains it first when this machine has none. */
export function faketimeLibrary(): string {
  obtainMemcached();
  const library = findFaketime();
  if (library === undefined) throw new Error("The package libfaketime was installed, but the library is not in it.");
  return library;
}

/** The program that makes files of users and passwords for a server that asks for them. Obtains it first likewise. */
export function saslPasswordTool(): string {
  obtainMemcached();
  const command = findExecutable("saslpasswd2");
  if (command === undefined) throw new Error("The package sasl2-bin was installed, but saslpasswd2 is not in it.");
  return command;
}

/**
 * Makes sure that this machine has all of them, and throws an error with the line to type where it may not install them. To be called
 * once before test files run in parallel: two installations at a time lock each other out.
 */
export function obtainMemcached(): void {
  if (findExecutable("memcached") === undefined) {
    installDebianPackages(["memcached"], "sudo apt-get install -y memcached");
  }
  if (findExecutable("saslpasswd2") === undefined) {
    installDebianPackages(["sasl2-bin"], "sudo apt-get install -y sasl2-bin libsasl2-modules");
  }
  if (findFaketime() === undefined) installDebianPackages(["libfaketime"], "sudo apt-get install -y libfaketime");
}

/** The one that counts on threads, as Memcached has some. It lies in a directory named after the kind of machine. */
function findFaketime(): string | undefined {
  const parents = ["/usr/lib", ...readdirSync("/usr/lib").map((name) => join("/usr/lib", name))];
  return parents.map((parent) => join(parent, "faketime/libfaketimeMT.so.1")).find(existsSync);
}
