// @module-tag real-time

import { expect, test } from "vitest";
import { canDropPackets, runInNetworkNamespace } from "../faults/packet-loss.ts";
import type { PacketLossReport } from "./packet-loss.child.ts";

test("when every packet of a connection is lost, bare ioredis hangs, the handler rejects by its deadline, and the check replaces the connection (laws 38 and 60)", async (context) => {
  const possible = canDropPackets();
  if (possible !== true) {
    console.warn(possible);
    context.skip(possible);
    return;
  }
  const script = new URL("./packet-loss.child.ts", import.meta.url).pathname;
  const { stdout } = await runInNetworkNamespace(script, {});
  const report: PacketLossReport = JSON.parse(stdout);

  expect(report).toMatchObject({ isBareClientPending: true, handlerCode: "timeout", answer: "first" });
  expect(report.handlerMs).toBeLessThan(300 + 250);
  expect(report.checkedMs).toBeGreaterThanOrEqual(145); // or the packets were not lost
  expect(report.checkedMs).toBeLessThan(150 + 500);
  expect(report.nextMs).toBeLessThan(150);
  const { handlerMs, checkedMs } = report;
  console.info(`packets lost: bare >2000 ms / handler ${handlerMs} ms / checked ${checkedMs} ms`);
}, 60_000);
