import assert from "node:assert/strict";
import { started } from "../../simulated-network.ts";
import type { Law } from "../law.ts";
import { done, N, setUp, trail, unused, type WithConnectionCheck } from "./fixture.ts";

/** Idle connections are checked, and no others. */
export const idlenessLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 45,
    says: "nothing is sent on an idle connection until it has been checked",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      await done(handler.read("a"), clock);
      assert.deepEqual(trail(network).slice(-4), [
        "ping start",
        "ping success",
        "operation start",
        "operation success",
      ]);
    },
  },
  {
    law: 46,
    says: "nothing is checked before the connection has been idle for the configured time",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      for (let round = 0; round < 5; round += 1) {
        await clock.advance(N - 10);
        await done(handler.read("a"), clock);
      }
      assert.equal(started(network, "ping"), 0);
    },
  },
  {
    law: 62,
    says: "with N = 0 every call is preceded by a check, which it may share with other waiting calls",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck, { everySeconds: 0 });
      const before = started(network, "ping");
      await done(handler.read("a"), clock);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), before + 2);
      const calls = [handler.read("a"), handler.read("b")];
      await clock.advance(20);
      await Promise.all(calls);
      assert.equal(started(network, "ping"), before + 3);
    },
  },
  {
    law: 63,
    says: "with N = Infinity an idle connection is never pinged; NaN and negative numbers are refused",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck, { everySeconds: Infinity });
      await clock.advance(10 * 365 * 24 * 3_600_000);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 0);
      for (const everySeconds of [Number.NaN, -1, "20" as never]) {
        assert.throws(() => withConnectionCheck(network.handler, { everySeconds }), RangeError);
      }
      for (const limit of [Number.NaN, 0, -1, 0.5, 2 ** 31, "5" as never]) {
        assert.throws(() => withConnectionCheck(network.handler, { pingTimeoutMs: limit }), RangeError);
        assert.throws(() => withConnectionCheck(network.handler, { reconnectTimeoutMs: limit }), RangeError);
      }
      for (const wrong of [{ every: 20 }, 500, null, "1 s"] as never[]) {
        assert.throws(() => withConnectionCheck(network.handler, wrong), TypeError);
      }
    },
  },
  {
    law: 64,
    says: "setting back the wall clock does not suppress a check",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      clock.setWallClock(-3_600_000);
      await clock.advance(N);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 65,
    says: "after the machine was suspended, or the wall clock jumped ahead, the next call checks once",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      clock.suspend(N);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 76,
    says: "without traffic nothing runs, and opening a connection needs no ping",
    async check(withConnectionCheck) {
      const { network, handler, clock } = unused(withConnectionCheck);
      await clock.advance(10 * N);
      assert.deepEqual(network.events, []);
      assert.equal(clock.pending, 0);
      await done(handler.read("a"), clock);
      assert.deepEqual(trail(network), ["operation start", "operation success"]);
    },
  },
];
