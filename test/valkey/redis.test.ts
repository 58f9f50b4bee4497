import { test } from "vitest";
import { findRedisServer } from "../servers/redis-binary.ts";
import { versionOf } from "../versions/version-of.ts";
import { testCompareAndSet } from "./compare-and-set.ts";

const command = findRedisServer();
const version = command ? versionOf(command) : "none";
const [major = 0, minor = 0] = version.split(".").map(Number);

if (major > 8 || (major === 8 && minor >= 4)) {
  testCompareAndSet("delex");
} else {
  console.warn(`Not run on Redis 8.4 or later, which has DELEX: the one of this machine is ${version}.`);
  test.todo(`runs on Redis 8.4 or later, where the one of this machine is ${version}`);
}
