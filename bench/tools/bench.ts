import { parseArgs } from "node:util";
import { obtainRedisServer } from "../../test/servers/redis-binary.ts";
import { type RedisServer, startRedis } from "../../test/servers/redis-server.ts";
import { describeMachine } from "./machine.ts";
import { setup as obtainPeers } from "./peers.ts";
import { Report } from "./report.ts";

/** The tools that a bench receives. */
export interface Bench {
  readonly redis: RedisServer;
  readonly report: Report;
  /** `true` to measure next to nothing, only to check that every row still does its work. */
  readonly isQuick: boolean;
  /** Returns the first number, or with `--quick` the second. */
  pick(full: number, quick: number): number;
}

/**
 * Runs a bench on its own Redis server. Its command line accepts `--quick`, and `--json FILE` for a file with all
 * figures. The process ends with the bench, whatever is still open.
 */
export async function runBench(measure: (bench: Bench) => Promise<void>): Promise<never> {
  const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, json: { type: "string" } } });
  const isQuick = values.quick;
  obtainRedisServer();
  obtainPeers(); // before several processes look for them
  const redis = await startRedis();
  try {
    const report = new Report(await describeMachine(redis));
    await measure({ redis, report, isQuick, pick: (full, quick) => (isQuick ? quick : full) });
    if (values.json !== undefined) report.write(values.json);
  } finally {
    await redis.stop();
  }
  process.exit();
}
