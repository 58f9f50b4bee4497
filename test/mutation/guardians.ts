/** Which tests guard a file that the laws and contracts alone do not guard: the first entry whose folder it is in. */
const guardians: readonly (readonly [place: RegExp, tests: readonly string[]])[] = [
  [
    /^src\/session\/.*cookie|^src\/session\/(base64|signature)/,
    ["session/cookie", "session/express-cookie", "ws/handshake", "express/cookie"],
  ],
  [/^src\/session\//, ["session/", "properties", "/ws/life"]],
  [
    /^src\/formats\//,
    [
      "session/hostile",
      "session/values",
      "session/time-to-live",
      "session/ids",
      "session/laws",
      "session/options",
      "session/properties/properties",
      "express",
    ],
  ],
  [/^src\/migration/, ["properties/migration", "migration/", "laws/handlers"]],
  [/^src\//, ["laws", "properties", "redis/laws"]],
  [/^adapters\/memory/, ["memory.test", "laws/handlers", "laws/list"]],
  [/^adapters\/redis/, ["redis/"]],
  [/^adapters\/memcached/, ["memcached/"]],
  [/^adapters\/upstash/, ["upstash/"]],
  [/^adapters\/url/, ["url/"]],
  [/^adapters\/express/, ["express/"]],
  [/^adapters\/ws/, ["/ws/"]],
  [/^adapters\/testing/, ["testing/", "laws", "properties"]],
];

/** What to run when that file has changed, as arguments of vitest. */
export function guardiansOf(file: string): readonly string[] {
  const [, tests] = guardians.find(([place]) => place.test(file)) ?? [];
  if (!tests) throw new RangeError(`Nobody has said which tests guard ${file}.`);
  return tests;
}
