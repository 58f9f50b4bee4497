import assert from "node:assert/strict";
import { started } from "../../simulated-network.ts";
import { createVirtualClock } from "../../virtual-clock.ts";
import { type Law, rejects, watch } from "../law.ts";
import { handlerWith } from "../stand-ins.ts";
import { done, N, setUp, type WithConnectionCheck } from "./fixture.ts";

/** A timely answer is a sign of life, and nothing else is. */
export const signOfLifeLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 47,
    says: "an operation is a sign of life when its reply arrives, not when it is sent",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck, {}, { timeoutMs: 60_000 });
      network.latencyMs = 5000;
      const slow = handler.read("a");
      await clock.advance(10_000);
      await slow;
      network.latencyMs = 1;
      await clock.advance(N - 1000);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 0);
    },
  },
  {
    law: 47,
    says: "an answer on a replaced connection is not a sign of life of the new one",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck, {}, { timeoutMs: 60_000 });
      network.latencyMs = 5000;
      const slow = watch(handler.read("a"));
      await clock.advance(100);
      network.latencyMs = 1;
      await done(handler.reconnect(), clock);
      await clock.advance(10_000);
      assert.equal(slow.state, "resolved");
      await clock.advance(N - 10_000);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 48,
    says: "a failed ping, reconnection or operation is not a sign of life",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      for (let round = 1; round <= 3; round += 1) {
        const call = rejects(handler.read("a"), "unavailable");
        await clock.advance(5000);
        await call;
        assert.equal(started(network, "ping"), round);
        assert.equal(started(network, "reconnect"), round);
      }
    },
  },
  {
    law: 48,
    says: "the outcome of calls on a replaced connection says nothing about the new one",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      network.silence();
      await clock.advance(N - 100);
      const unlucky = rejects(handler.read("a"), "timeout");
      await clock.advance(200);
      await done(handler.read("a"), clock, 1100);
      await clock.advance(2000);
      await unlucky;
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 49,
    says: "a late reply to a ping is ignored",
    async check(withConnectionCheck) {
      const clock = createVirtualClock();
      let pings = 0;
      const late = {
        ...handlerWith({}),
        ping() {
          pings += 1;
          return new Promise<void>((resolve) => clock.schedule(resolve, 1600));
        },
        reconnect: () => Promise.reject(new Error("refused")),
      };
      const handler = withConnectionCheck(late, { clock });
      await handler.read("a");
      await clock.advance(N);
      for (const round of [1, 2]) {
        const call = rejects(handler.read("a"), "unavailable");
        await clock.advance(1700);
        await call;
        assert.equal(pings, round);
      }
    },
  },
];
