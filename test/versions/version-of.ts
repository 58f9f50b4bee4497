import { spawnSync } from "node:child_process";

/** How to start the Redis server with `child_process.spawn`. */
export interface RedisServerCommand {
  readonly command: string;
  /** The name the program must be started under, when that is not the name of its file. */
  readonly argv0?: string;
}

/** What a server says of its version. */
export function versionOf({ command, argv0 }: RedisServerCommand): string {
  const { stdout } = spawnSync(command, ["--version"], { argv0, encoding: "utf8" });
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? stdout;
}
