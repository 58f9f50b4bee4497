import { adapters } from "./boundaries/floors.ts";

/** When the tests of a project run: in `npm run test:quick`, also in `npm test`, or only in `npm run test:all`. */
type Tier = "quick" | "servers" | "slow";

/** One project of the test run, called `tier:subject`. */
interface TestProject {
  readonly name: `${Tier}:${string}`;
  /** The test files, as globs relative to this folder. `!` leaves out what another project runs. */
  readonly files: readonly string[];
  /** Modules with a `setup` that obtains what the files need, or says what to install. */
  readonly needs?: readonly string[];
  /** Runs one file at a time, for tests that measure time or need most of the machine. */
  readonly isSerial?: boolean;
}

const redis = "./servers/redis-binary.ts";
const memcached = "./servers/memcached-binary.ts";
const php = "./servers/php.ts";
const libsodium = "./symfony/libsodium.ts";
const packetLoss = "./faults/packet-loss.ts";
const chromium = "./browser/chromium.ts";
/** The stores and frameworks that this package is compared with. */
const peers = "../bench/tools/peers.ts";

/** What starts a real Redis although most of its folder needs no server. */
const onRedis = [
  "channel/redis*",
  "costs/redis",
  "laws/handlers",
  "docs/readme",
  "otel/silent-connection",
  "sockets/experiments",
  "ws/{handshake-answers,processes}",
  "ws/endings/{one-server,connect-redis}",
].map(testFiles);
/** What is held against lost packets, killed masters or a minute of chaos. */
const underFaults = [
  "chaos/**/*",
  "channel/redis-{chaos,failover}",
  "ws/endings/failover",
  "redis/{failover,failover-sessions,packet-loss}",
  "memcached/packet-loss",
  "session/redis/late-creation",
  "servers/topologies",
].map(testFiles);
/** Broken versions of the sources, each of which some check has to catch. */
const mutants = [
  "mutants/{core,networked,properties,sockets,stores,symfony,workers}",
  "mutation/mutation",
  "testing/{decorator-cases,kills}",
].map(testFiles);
/** A Redis Cluster or sentinels. */
const onTopologies = [
  "channel/redis-cluster",
  "ws/endings/topologies",
  "conformance/*",
  "redis/{cluster,cluster-redirections,cluster-slots,cluster-users,safe-options,shared-tasks,tls}",
  "url/{bundle,url,tls}",
  "servers/harness",
].map(testFiles);

/** Tests that take thousands of calls, stories, bits or failovers. */
const atLength = [
  "decorators/nonces",
  "session/properties/properties",
  "session/redis/{exactly-once,lost-updates}",
  "memcached/flipped-bits",
  "redis/sentinel",
  "symfony/edits/edits-at-length",
].map(testFiles);

/** The programs of pages, run as their readers do. */
const pages = ["docs/{add-an-adapter,channel,own-decorator,own-store}"].map(testFiles);

/** What other runtimes than this one execute, and other test runners. */
const onRuntimes = ["runtimes/{runtimes,workerd,workerd-upstash}", "testing/runners"].map(testFiles);

/** The tests of the adapters that need no server, in a folder of the adapter's name. */
const ofAdapters = Object.keys(adapters)
  .filter((name) => !["express", "memcached", "redis", "upstash"].includes(name))
  .map((name) => testFiles(`${name}/*`));

/** The settings that all projects share. */
export const ofEveryProject = {
  setupFiles: ["./stalls/watch.ts"],
  tags: [
    {
      name: "real-time",
      description: "Holds real servers to real time, which proves nothing while the machine stands still.",
      retry: { count: 2, condition: /^The machine stood still for/m },
    },
  ],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/** Every test file belongs to exactly one of these. */
export const projects: readonly TestProject[] = [
  {
    name: "quick:unit",
    files: [
      ...[
        "*",
        "unit/**/*",
        "{bench,boundaries,channel,costs,decorators,docs,formats,laws,migration,mutants,mutation,package,properties,runtimes,session,sockets,stalls,testing,url}/*",
        "express/store-{checks,property,waiting}",
      ].map(testFiles),
      ...ofAdapters,
      "../examples/**/*.test.ts",
      ...except(onRedis, underFaults, atLength, mutants, onTopologies, onRuntimes, pages, [
        testFiles("bench/bench"),
        testFiles("migration/memcached*"),
      ]),
    ],
  },
  {
    name: "servers:redis",
    files: [
      ...["redis/*", "session/redis/*", "express/*"].map(testFiles),
      ...onRedis,
      ...except(underFaults, atLength, mutants, onTopologies, [
        testFiles("express/{store-checks,store-property,store-waiting,connect-redis-checks}"),
      ]),
    ],
    needs: [redis, peers],
  },
  {
    name: "servers:memcached",
    files: [...["memcached/*", "migration/memcached*"].map(testFiles), ...except(underFaults, atLength, mutants)],
    needs: [redis, memcached],
  },
  {
    name: "servers:php",
    files: [testFiles("symfony/*/*"), ...except(atLength)],
    needs: [php, redis, memcached, libsodium],
  },
  { name: "servers:valkey", files: [testFiles("valkey/*")], needs: ["./servers/valkey-binary.ts"] },
  { name: "servers:upstash", files: [testFiles("upstash/*"), ...except(mutants)], needs: [redis] },
  { name: "servers:topologies", files: [...onTopologies, ...except(atLength)], needs: [redis, memcached, packetLoss] },
  { name: "slow:faults", files: underFaults, needs: [redis, memcached, packetLoss], isSerial: true },
  { name: "slow:lengthy", files: atLength, needs: [redis, memcached, php] },
  { name: "slow:mutants", files: mutants, needs: [redis, memcached] },
  {
    name: "slow:examples",
    files: [...["browser/*", "examples/*"].map(testFiles), ...pages],
    needs: [redis, memcached, php, chromium],
    isSerial: true,
  },
  { name: "slow:site", files: [testFiles("site/*")], needs: [chromium] },
  { name: "slow:runtimes", files: onRuntimes, needs: ["./runtimes/obtain.ts", redis, memcached] },
  { name: "slow:typescript", files: [testFiles("typescript/*")], needs: ["./typescript/compilers.ts"] },
  // It stores 1000 sessions and counts them, before the second is over that they live for.
  { name: "slow:express", files: [testFiles("express/connect-redis-checks")], needs: [redis], isSerial: true },
  {
    name: "slow:versions",
    files: [testFiles("versions/*")],
    needs: ["./versions/servers.ts", memcached],
    isSerial: true,
  },
  { name: "slow:benches", files: [testFiles("bench/bench")], needs: [redis, peers], isSerial: true },
];

function testFiles(place: string): string {
  return `${place}.test.ts`;
}

function except(...lists: readonly (readonly string[])[]): string[] {
  return lists.flat().map((glob) => `!${glob}`);
}
