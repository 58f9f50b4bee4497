import assert from "node:assert/strict";
import { started } from "../../simulated-network.ts";
import { type Law, rejects, watch } from "../law.ts";
import { done, N, setUp, unused, type WithConnectionCheck } from "./fixture.ts";

/** Each connection is judged separately. */
export const severalConnectionsLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 60,
    says: "the state of one connection says nothing about another, which is checked separately",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(
        withConnectionCheck,
        {},
        { connectionOf: (id) => `server of ${id}` },
      );
      await done(handler.read("b"), clock);
      await clock.advance(N - 100);
      await done(handler.read("b"), clock);
      await clock.advance(200);
      network.silence("server of a");
      await done(handler.read("b"), clock);
      assert.equal(started(network, "ping"), 0);
      await done(handler.read("a"), clock, 1100);
      assert.deepEqual(
        network.events
          .filter(({ kind }) => kind !== "operation")
          .map(({ kind, event, connection }) => `${kind} ${event}, ${connection}`),
        ["ping start, server of a", "reconnect start, server of a", "reconnect success, server of a"],
      );
    },
  },
  {
    law: 60,
    says: "a connection that a call has chosen on its way is judged by the outcome of that call",
    async check(withConnectionCheck) {
      for (const [fails, afterMs] of [
        [false, N],
        [true, 0],
      ] as const) {
        let found = "";
        const { network, handler, clock } = await setUp(withConnectionCheck, {}, { connectionOf: () => found });
        if (fails) network.loseReplies = true;
        const first = watch(handler.read("a"));
        found = "server of a";
        await clock.advance(6000);
        assert.equal(first.state, fails ? "rejected" : "resolved");
        network.loseReplies = false;
        await clock.advance(afterMs);
        await done(handler.read("a"), clock);
        assert.equal(started(network, "ping"), 1);
      }
    },
  },
  {
    law: 60,
    says: "a connection whose first call was abandoned is also checked",
    async check(withConnectionCheck) {
      const { network, handler, clock } = unused(withConnectionCheck);
      const abortion = new AbortController();
      const left = rejects(handler.read("a", { signal: abortion.signal }), "aborted");
      await clock.advance(1);
      abortion.abort();
      await left;
      network.silence();
      await clock.advance(N);
      await done(handler.read("a"), clock, 1100);
    },
  },
];
