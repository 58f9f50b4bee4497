import { type RedisServerCommand, versionOf } from "../versions/version-of.ts";
import { findExecutable, installDebianPackages, isExecutable } from "./debian.ts";

/** Vitest calls it once before the files of a project that needs it. */
export function setup(): void {
  console.info(`Redis: ${versionOf(redisServerCommand())}`);
}

// Debian's redis-tools has the server in it without the daemon of the package redis-server: all Redis programs but
// redis-cli and redis-benchmark are one binary, which becomes the one it is called by.
const multiCallBinary = "/usr/bin/redis-check-rdb";

/** The command that starts a real Redis server. Obtains the server first when this machine has none. */
export function redisServerCommand(): RedisServerCommand {
  obtainRedisServer();
  const command = findRedisServer();
  if (command === undefined)
    throw new Error("A package with the Redis server was installed, but the server is not in it.");
  return command;
}

/**
 * Makes sure that this machine has a Redis server, and throws an error with the line to type where it may not install
 * one. To be called once before test files run in parallel: two installations at a time lock each other out.
 */
export function obtainRedisServer(): void {
  if (findRedisServer() !== undefined) return;
  const lineToType = process.platform === "darwin" ? "brew install redis" : "sudo apt-get install -y redis-tools";
  installDebianPackages(["redis-tools"], lineToType);
}

/** The command that starts the server of this machine, if it has one. */
export function findRedisServer(): RedisServerCommand | undefined {
  const command = findExecutable("redis-server");
  if (command !== undefined) return { command };
  return isExecutable(multiCallBinary) ? { command: multiCallBinary, argv0: "redis-server" } : undefined;
}
