import assert from "node:assert/strict";
import { withConnectionCheck } from "sessionwire";
import { bytes, rejects } from "../law.ts";
import {
  createSession,
  type NetworkedFixture,
  type NetworkedLaw,
  operationsOn,
  patientMs,
  textAt,
  ttlSeconds,
} from "./fixture.ts";
import { settleInThisTurn, turn, until } from "./waiting.ts";

/** Closing settles all calls under way, and releases every connection. */
export const closingLaws: readonly NetworkedLaw[] = [
  {
    law: 40,
    says: "closing settles calls of every kind on a silent connection in the same turn, and also later ones (law 38)",
    async check(fixture) {
      const { handler, id, version } = await closeInUse(fixture);
      await handler.close();
      await rejects(handler.write(id, bytes("x"), { replaces: version, ttlSeconds }), "closed", "not-applied");
      for (const call of [handler.read(id), handler.ping(), handler.reconnect()]) await rejects(call, "closed");
    },
  },
  {
    law: 40,
    says: "closing while the first connection is being opened settles the waiting calls, and leaves no connection behind",
    async check({ proxy, open }) {
      proxy.newConnections = "silent";
      const handler = open();
      const waiting = [handler.read("a"), handler.touch("a", ttlSeconds)].map((call) => rejects(call, "closed", "any"));
      await until(() => proxy.open > 0);
      const closing = handler.close();
      assert.ok(await settleInThisTurn(...waiting, closing), "something is still open");
      await Promise.all(waiting);
      await until(() => proxy.open === 0);
    },
  },
  {
    law: 68,
    says: "closing during the reconnection of a check settles all calls that wait for it",
    async check(fixture) {
      const { checked, id } = await closeInReconnection(fixture);
      await rejects(checked.read(id), "closed");
      assert.equal(await textAt(fixture.direct, id), "first");
    },
  },
  {
    law: 69,
    says: "closing on a silent connection leaves no connection, and opens none (law 40)",
    async check(fixture) {
      await closeInUse(fixture);
      await expectNoConnection(fixture);
    },
  },
  {
    law: 69,
    says: "closing during the reconnection of a check leaves no connection, and opens none",
    async check(fixture) {
      const { checked, id } = await closeInReconnection(fixture);
      await rejects(checked.read(id), "closed");
      await expectNoConnection(fixture);
    },
  },
];

/** Closes a handler with calls of every kind under way. */
async function closeInUse({ proxy, open }: NetworkedFixture) {
  const handler = open();
  const { id, version } = await createSession(handler);
  proxy.silence();
  proxy.newConnections = "silent";
  const settling = operationsOn(id, version).map(({ changes, run }) =>
    rejects(run(handler), "closed", changes ? "unknown" : undefined),
  );
  settling.push(rejects(handler.ping(), "closed"));
  await turn();
  const closing = handler.close();
  assert.ok(await settleInThisTurn(...settling, closing), "something is still open");
  await Promise.all(settling);
  return { handler, id, version };
}

/** Closes a check with calls that wait for its reconnection. */
async function closeInReconnection({ proxy, direct, open }: NetworkedFixture) {
  const checked = withConnectionCheck(open(), { everySeconds: 0, pingTimeoutMs: 150, reconnectTimeoutMs: patientMs });
  const { id, version } = await createSession(direct);
  await checked.read(id);
  proxy.silence();
  proxy.newConnections = "silent";
  const { accepted } = proxy;
  const write = checked.write(id, bytes("second"), { replaces: version, ttlSeconds });
  const settling = [rejects(checked.read(id), "closed"), rejects(write, "closed", "not-applied")];
  await until(() => proxy.accepted > accepted);
  const closing = checked.close();
  assert.ok(await settleInThisTurn(...settling, closing), "something is still open");
  await Promise.all(settling);
  return { checked, id };
}

async function expectNoConnection({ proxy }: NetworkedFixture): Promise<void> {
  const { accepted } = proxy;
  proxy.newConnections = "pass";
  await until(() => proxy.open === 0);
  assert.equal(proxy.accepted, accepted);
}
