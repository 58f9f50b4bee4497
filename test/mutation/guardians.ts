import { readdirSync } from "node:fs";
import { join } from "node:path";

const unitTestsOfSessions = [
  ...["closing", "coalescing", "events", "express-cookie", "hostile", "ids", "options", "stacks"],
  ...["time-to-live", "values", "wrapped"],
].map((name) => `session/${name}`);
const testsOfLaws = ["laws/", "session/laws", "properties/", "session/properties/"];

/**
 * Which tests guard a file: the first entry whose place it is in, and those in the folder of an adapter's name for an adapter that
 * has none. A test is named by how its path below `test/` begins.
 */
export const guardians: readonly (readonly [place: RegExp, tests: readonly string[]])[] = [
  [/^src\/cookie\//, ["session/cookie", "session/express-cookie", "ws/handshake", "express/cookie"]],
  [/^src\/(session|formats)\//, ["formats/", ...unitTestsOfSessions]],
  [/^src\/sockets/, ["ws/", ...["experiments", "heartbeat", "origins", "places"].map((name) => `sockets/${name}`)]],
  [/^src\/seen-keys/, ["unit/seen-keys", "session/decoded-records"]],
  [/^src\/decorators\/migration/, ["properties/migration", "migration/", "laws/handlers"]],
  [/^src\//, ["decorators/", "unit/", "memory/", "redis/laws", "session/wrapped"]],
  [/^adapters\/memory/, ["memory/", "laws/handlers"]],
  [
    /^adapters\/express/,
    ["cookie", "flash", "listing", "misuse", "plain-objects", "update", "wrapped"].map((name) => `express/${name}`),
  ],
  [/^adapters\/redis/, ["redis/", "session/redis/"]],
  [/^adapters\/(url|store-url)/, ["url/", "redis/urls"]],
  [/^adapters\/crossws/, ["sockets/crossws"]],
  [/^adapters\/symfony\/php-locks/, ["symfony/locks.test", "symfony/lock-interleavings"]],
  [/^adapters\/symfony\/memcached-values/, ["symfony/memcached-values"]],
  [/^adapters\/symfony\/marshallers/, ["symfony/marshallers.test"]],
  [/^adapters\/symfony\/php-cookie/, ["symfony/cookie"]],
  [/^adapters\/socket\.io/, ["sockets/socket-io"]],
  [/^adapters\/testing/, ["testing/", ...testsOfLaws]],
];

/** What the laws and contracts guard before any test does (`checks.ts`). Cookies and sockets have tests of their own. */
const byLaws = /^src\/(?!cookie\/|sockets)|^adapters\/(memory|express)/;

export function isUnderLaws(file: string): boolean {
  return byLaws.test(file);
}

/** The files of tests to run when that file has changed, by their paths below `test/`. */
export function guardiansOf(file: string): readonly string[] {
  const [, tests = ownFolder(file)] = guardians.find(([place]) => place.test(file)) ?? [];
  const found = tests.flatMap(testsUnder);
  if (found.length === 0) throw new RangeError(`Nobody has said which tests guard ${file}.`);
  return found;
}

function ownFolder(file: string): string[] {
  const [, name] = /^adapters\/(.+?)(?:\.ts$|\/)/.exec(file) ?? [];
  return name === undefined ? [] : [`${name}/`];
}

/** vitest would take a name for any part of a path, so that `ws/` would mean `laws/` as well. */
export function testsUnder(beginning: string): readonly string[] {
  return testsIn("")
    .filter((path) => path.startsWith(beginning))
    .sort();
}

/** Leaves out folders whose names begin with a dot: other tests create them, and remove them at any moment. */
function testsIn(folder: string): string[] {
  const entries = readdirSync(join(import.meta.dirname, "..", folder), { withFileTypes: true });
  return entries
    .filter(({ name }) => !name.startsWith("."))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return testsIn(path);
      return path.endsWith(".test.ts") ? [path] : [];
    });
}
