import { delimiter, join } from "node:path";
import { type DebianProgram, obtainFromSuite } from "../servers/debian-suite.ts";
import { versionOf } from "./version-of.ts";

/** A server of a version that the tests do not find on Debian 12. */
interface ServerVersion {
  /** As docs/runtimes.md has it: with the part of the version that stays the same. */
  readonly name: string;
  readonly suite: string;
  readonly program: DebianProgram;
}

const ofRedis = { file: "usr/bin/redis-check-rdb", name: "redis-server" }; // all programs of Redis are one
const ofValkey = { file: "usr/bin/valkey-check-rdb", name: "redis-server" };
const ofMemcached = { file: "usr/bin/memcached", name: "memcached" };

/** A suite that is stable has the same version for years, and `sid` always the newest. */
export const versions = {
  redis: { name: "Redis 8", suite: "trixie", program: { package: "redis-tools", ...ofRedis } },
  valkey: { name: "Valkey 9", suite: "sid", program: { package: "valkey-tools", ...ofValkey } },
  valkeyWithoutDelifeq: { name: "Valkey 8.1", suite: "trixie", program: { package: "valkey-tools", ...ofValkey } },
  memcached: {
    name: "Memcached 1.6 of Debian unstable",
    suite: "sid",
    program: { package: "memcached", ...ofMemcached },
  },
} as const satisfies Record<string, ServerVersion>;

/** Vitest calls it once before the files of a project that needs it. */
export function setup(): void {
  for (const { suite } of Object.values(versions)) obtain(suite);
}

/** Lets this process start that server wherever a test starts one of its kind. Gives its version. */
export function useVersion({ suite, program }: ServerVersion): string {
  const folder = join(obtain(suite), "bin", program.package);
  process.env.PATH = [folder, process.env.PATH].join(delimiter);
  return versionOf({ command: join(folder, program.name) });
}

/** The folder with the programs of a suite. */
export function obtain(suite: string): string {
  const ofSuite = Object.values(versions).filter((version) => version.suite === suite);
  return obtainFromSuite(
    suite,
    ofSuite.map(({ program }) => program),
  );
}
