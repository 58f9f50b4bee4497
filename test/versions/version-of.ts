import { spawnSync } from "node:child_process";
import type { RedisServerCommand } from "../servers/redis-binary.ts";

/** What a server says of its version. */
export function versionOf({ command, argv0 }: RedisServerCommand): string {
  const { stdout } = spawnSync(command, ["--version"], { argv0, encoding: "utf8" });
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? stdout;
}
