// @module-tag real-time

import { expect, type TestContext, test } from "vitest";
import { canDropPackets, runInNetworkNamespace } from "../faults/packet-loss.ts";
import { createBundles } from "../mutants/bundles.ts";
import { brokenBy } from "../mutants/quoted.ts";
import type { PacketLossReport } from "./packet-loss.child.ts";

async function losePackets(context: TestContext, env: Record<string, string> = {}): Promise<PacketLossReport> {
  const possible = canDropPackets();
  if (possible !== true) {
    console.warn(possible);
    context.skip(possible);
  }
  const script = new URL("./packet-loss.child.ts", import.meta.url).pathname;
  const { stdout } = await runInNetworkNamespace(script, env);
  return JSON.parse(stdout);
}

test("when every packet of a connection is lost, a call rejects by its deadline, the check replaces the connection, and a destroyed session stays destroyed when the packets pass again, unlike with bare memjs (laws 37, 38 and 60)", async (context) => {
  const report = await losePackets(context);
  expect(report).toMatchObject({
    creation: { code: "timeout", outcome: "unknown" },
    answer: "first",
    isThereAfterwards: false,
    isThereInTheEnd: false,
    isBareThereAfterwards: false,
    isBareThereInTheEnd: true,
  });
  expect(report.creation.ms).toBeLessThan(300 + 250);
  expect(report.checkedMs).toBeGreaterThanOrEqual(145); // or the packets were not lost
  expect(report.checkedMs).toBeLessThan(150 + 500);
  console.info(`packets lost: handler ${report.creation.ms} ms / checked ${report.checkedMs} ms`);
}, 60_000);

test("without the reset of the connection, the session comes back", async (context) => {
  using bundles = createBundles("memcached");
  const broken = brokenBy({
    breaks: 37,
    bug: "a connection is ended, and not reset",
    file: "adapters/memcached/connection.ts",
    from: "    this.#socket.resetAndDestroy();\n",
    to: "",
  });
  const report = await losePackets(context, { ADAPTER: await bundles.write(broken) });
  expect(report).toMatchObject({ isThereAfterwards: false, isThereInTheEnd: true });
}, 60_000);
