import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findExecutable, installDebianPackage } from "./debian.ts";

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

/**
 * Makes sure that this machine has both, and throws an error with the line to type where it may not install them. To be called
 * once before test files run in parallel: two installations at a time lock each other out.
 */
export function obtainMemcached(): void {
  if (findExecutable("memcached") === undefined) {
    installDebianPackage("memcached", "sudo apt-get install -y memcached");
  }
  if (findFaketime() === undefined) installDebianPackage("libfaketime", "sudo apt-get install -y libfaketime");
}

/** The one that counts on threads, as Memcached has some. It lies in a directory named after the kind of machine. */
function findFaketime(): string | undefined {
  const parents = ["/usr/lib", ...readdirSync("/usr/lib").map((name) => join("/usr/lib", name))];
  return parents.map((parent) => join(parent, "faketime/libfaketimeMT.so.1")).find(existsSync);
}
