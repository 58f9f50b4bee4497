import { expect, type TestContext, test } from "vitest";
import { canDropPackets, runInNetworkNamespace } from "../../faults/packet-loss.ts";
import type { LateCreationReport } from "./late-creation.child.ts";

async function expectNotToArrive(context: TestContext, env: Record<string, string>): Promise<void> {
  const possible = canDropPackets();
  if (possible !== true) {
    console.warn(possible);
    context.skip(possible);
    return;
  }
  const script = new URL("./late-creation.child.ts", import.meta.url).pathname;
  const { stdout } = await runInNetworkNamespace(script, env);
  const report: LateCreationReport = JSON.parse(stdout);
  expect(report).toEqual({
    outcome: "unknown",
    isThereAfterwards: false,
    isThereInTheEnd: false,
    isBareExecuted: true,
  });
}

test("a creation whose packets were lost does not arrive after its session has been destroyed, unlike with a bare connection that was closed (law 92)", async (context) => {
  await expectNotToArrive(context, {});
}, 60_000);

test("nor does one over TLS (law 92)", async (context) => {
  await expectNotToArrive(context, { TLS: "yes" });
}, 60_000);
