import assert from "node:assert/strict";
import { started } from "../../simulated-network.ts";
import { settled } from "../../virtual-clock.ts";
import { type Law, rejects, watch } from "../law.ts";
import { done, N, setUp, type WithConnectionCheck } from "./fixture.ts";

/** After a silent drop, the next call succeeds within a limited time. */
export const recoveryLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 59,
    says: "every call settles within the three limits together",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck, {}, { timeoutMs: 1_000_000 });
      await clock.advance(N);
      network.silence();
      network.newConnections = "silent";
      const call = watch(handler.read("a"));
      await clock.advance(1000 + 3000);
      assert.equal(call.state, "rejected");
      await rejects(Promise.reject(call.error), "unavailable");
      assert.equal(clock.pending, 0);
    },
  },
  {
    law: 60,
    says: "after a silent drop, the next call on the idle connection succeeds within ping limit, reconnection and round trip",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      network.silence();
      await clock.advance(N);
      const call = watch(handler.read("a"));
      await clock.advance(1000 + 1 + 2);
      assert.equal(call.state, "resolved");
    },
  },
  {
    law: 61,
    says: "after a silent drop in use, that call fails by its deadline and the next one checks and succeeds",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      network.silence();
      const unlucky = rejects(handler.read("a"), "timeout");
      await clock.advance(2000);
      await unlucky;
      assert.equal(started(network, "ping"), 0);
      await done(handler.read("a"), clock, 1100);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 61,
    says: "a time limit of the caller that ran out also counts as a failure, a change of mind does not",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      network.silence();
      for (const [reason, pings] of [
        [new Error("left"), 0],
        [new DOMException("", "TimeoutError"), 0],
        [undefined, 1],
      ] as const) {
        const abortion = new AbortController();
        const call = watch(handler.read("a", { signal: abortion.signal }));
        await clock.advance(10);
        assert.equal(started(network, "ping"), pings);
        abortion.abort(reason);
        await settled();
        assert.equal(call.state, "rejected");
      }
    },
  },
];
