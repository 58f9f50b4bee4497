import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Which tests guard a file that the laws and contracts alone do not guard: the first entry whose folder it is in. A test is named by how
 * its path below `test/` begins.
 */
export const guardians: readonly (readonly [place: RegExp, tests: readonly string[]])[] = [
  [
    /^src\/session\/.*cookie|^src\/session\/(base64|signature)/,
    ["session/cookie", "session/express-cookie", "ws/handshake", "express/cookie"],
  ],
  [/^src\/session\//, ["session/", "properties/", "ws/life"]],
  [
    /^src\/formats\//,
    [
      "session/hostile",
      "session/values",
      "session/time-to-live",
      "session/ids",
      "session/laws",
      "session/options",
      "session/express-cookie",
      "session/properties/properties",
      "express/",
    ],
  ],
  [/^src\/decorators\/migration/, ["properties/migration", "migration/", "laws/handlers"]],
  [/^src\//, ["laws/", "session/laws", "redis/laws", "properties/", "session/properties/"]],
  [/^adapters\/memory/, ["memory.test", "laws/handlers", "laws/laws"]],
  [/^adapters\/redis/, ["redis/", "session/redis/"]],
  [/^adapters\/memcached/, ["memcached/"]],
  [/^adapters\/upstash/, ["upstash/"]],
  [/^adapters\/(url|store-url)/, ["url/", "redis/urls"]],
  [/^adapters\/express/, ["express/"]],
  [/^adapters\/ws/, ["ws/"]],
  [/^adapters\/testing/, ["testing/", "laws/", "session/laws", "properties/", "session/properties/"]],
];

/** The files of tests to run when that file has changed, by their paths below `test/`. */
export function guardiansOf(file: string): readonly string[] {
  const [, tests] = guardians.find(([place]) => place.test(file)) ?? [];
  if (!tests) throw new RangeError(`Nobody has said which tests guard ${file}.`);
  return tests.flatMap(testsUnder);
}

/** vitest would take a name for any part of a path, so that `ws/` would mean `laws/` as well. */
export function testsUnder(beginning: string): readonly string[] {
  const all = readdirSync(join(import.meta.dirname, ".."), { recursive: true, encoding: "utf8" });
  return all.filter((path) => path.startsWith(beginning) && path.endsWith(".test.ts")).sort();
}
