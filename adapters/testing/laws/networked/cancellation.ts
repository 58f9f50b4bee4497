import assert from "node:assert/strict";
import { withConnectionCheck } from "sessionwire";
import { bytes, rejects } from "../law.ts";
import { createSession, type NetworkedLaw, operationsOn, patientMs, textAt, ttlSeconds } from "./fixture.ts";
import { isPendingAfter, settleInThisTurn, turn, until } from "./waiting.ts";

const reason = new Error("The browser has gone.");

/** A call that its caller gives up ends at once, sends nothing more, and affects no other call. */
export const cancellationLaws: readonly NetworkedLaw[] = [
  {
    law: 39,
    says: "a call that is aborted on a silent connection rejects in the same turn with the signal's reason, and no other one does",
    async check({ proxy, open }) {
      const handler = open();
      const { id, version } = await createSession(handler);
      proxy.silence();
      proxy.newConnections = "silent";
      for (const { name, changes, run } of operationsOn(id, version)) {
        const controller = new AbortController();
        const aborted = rejects(run(handler, controller.signal), "aborted", changes ? "unknown" : undefined);
        const other = handler.read(id);
        other.catch(() => {}); // closing ends it
        await turn();
        controller.abort(reason);
        assert.ok(await settleInThisTurn(aborted), name);
        assert.equal((await aborted).cause, reason, name);
        assert.ok(await isPendingAfter(20, other), name);
      }
    },
  },
  {
    law: 39,
    says: "a call with an aborted signal opens no connection, and sends nothing",
    async check({ server, proxy, open, direct }) {
      const { id, version } = await createSession(direct);
      const before = await server.changes();
      const handler = open();
      for (const { changes, run } of operationsOn(id, version)) {
        const call = run(handler, AbortSignal.abort(reason));
        const error = await rejects(call, "aborted", changes ? "not-applied" : undefined);
        assert.equal(error.cause, reason);
      }
      assert.equal(proxy.accepted, 0);
      assert.equal(await server.changes(), before);
      assert.equal(await textAt(direct, id), "first");
    },
  },
  {
    law: 39,
    says: "aborting a call that has ended has no effect",
    async check({ direct }) {
      for (const { name } of operationsOn("", undefined)) {
        const { id, version } = await createSession(direct);
        const controller = new AbortController();
        await operationsOn(id, version)
          .find((operation) => operation.name === name)
          ?.run(direct, controller.signal);
        controller.abort(reason);
        await direct.ping();
      }
    },
  },
  {
    law: 66,
    says: "a call that is aborted while it waits for a check sends nothing, and affects neither the check nor others (law 67)",
    async check({ server, proxy, direct, open }) {
      const handler = open();
      const checked = withConnectionCheck(handler, {
        everySeconds: 0,
        pingTimeoutMs: 150,
        reconnectTimeoutMs: patientMs,
      });
      const { id, version } = await createSession(direct);
      await checked.read(id);
      const [before, { pings }] = [await server.changes(), handler.asked];
      proxy.silence();
      const controller = new AbortController();
      const { signal } = controller;
      const write = checked.write(id, bytes("x"), { replaces: version, ttlSeconds, signal });
      const aborted = rejects(write, "aborted", "not-applied");
      const read = textAt(checked, id);
      await until(() => handler.asked.pings === pings + 1);
      controller.abort(reason);
      assert.ok(await settleInThisTurn(aborted), "it is still open");
      assert.equal((await aborted).cause, reason);
      assert.equal(await read, "first");
      assert.equal(handler.asked.pings, pings + 1);
      assert.equal(await server.changes(), before);
    },
  },
  {
    law: 39,
    says: "a reconnection that is aborted rejects in the same turn, and leaves no connection",
    async check({ proxy, open }) {
      const handler = open();
      proxy.newConnections = "silent";
      const controller = new AbortController();
      const calls = [1, 2].map(() => rejects(handler.reconnect({ signal: controller.signal }), "aborted"));
      await until(() => proxy.open > 0);
      controller.abort(reason);
      assert.ok(await settleInThisTurn(...calls), "something is still open");
      await Promise.all(calls);
      await until(() => proxy.open === 0);
      proxy.newConnections = "pass";
      await handler.reconnect();
    },
  },
];
