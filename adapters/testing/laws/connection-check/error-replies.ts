import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import { started } from "../../simulated-network.ts";
import { bytes, type Law, rejects } from "../law.ts";
import { create, done, N, setUp, type WithConnectionCheck } from "./fixture.ts";

/** An error reply shows whether the connection is still of use. */
export const errorReplyLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 73,
    says: "a ping answered with an error reconnects exactly if the handler calls it a failure",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      network.pingError = new SessionError("unauthorized", "Password, please.");
      await done(handler.read("a"), clock, 100);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 73,
    says: "an operation that fails in any way makes the next call ping; credentials that are refused by that ping too make it reconnect",
    async check(withConnectionCheck) {
      for (const code of ["unavailable", "timeout", "unauthorized", "failed"] as const) {
        const { network, handler, clock } = await setUp(withConnectionCheck);
        network.operationError = new SessionError(code, "The store is in trouble.");
        const failed = rejects(handler.read("a"), code);
        await clock.advance(10);
        await failed;
        network.operationError = undefined;
        if (code === "unauthorized") network.pingError = new SessionError(code, "Password, please.");
        await done(handler.read("a"), clock);
        assert.equal(started(network, "ping"), 1, code);
        assert.equal(started(network, "reconnect"), code === "unauthorized" ? 1 : 0, code);
      }
    },
  },
  {
    law: 74,
    says: "a failure of another kind after a refused write does not replace the reconnection with a ping",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      network.latencyMs = 30_000;
      const slow = rejects(handler.read("a"), "timeout");
      await clock.advance(10);
      network.latencyMs = 1;
      network.operationError = new SessionError("read-only", "A replica.", { outcome: "not-applied" });
      await done(rejects(handler.write("a", bytes("x"), create), "read-only", "not-applied"), clock);
      network.operationError = undefined;
      await clock.advance(3000);
      await slow;
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 0);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 74,
    says: "a write refused because the server is a replica makes the next call reconnect, without a ping",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      network.operationError = new SessionError("read-only", "A replica.", { outcome: "not-applied" });
      network.latencyMs = 10;
      const refused = rejects(handler.write("a", bytes("x"), create), "read-only", "not-applied");
      await clock.advance(12);
      network.operationError = undefined;
      const underWay = handler.read("a");
      await clock.advance(30);
      await Promise.all([refused, underWay]);
      network.latencyMs = 1;
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 0);
      assert.equal(started(network, "reconnect"), 1);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
];
