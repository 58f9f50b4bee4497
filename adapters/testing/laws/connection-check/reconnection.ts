import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import { started } from "../../simulated-network.ts";
import { type Law, rejects, watch } from "../law.ts";
import { handlerWith } from "../stand-ins.ts";
import { createStandingClock } from "../standing-clock.ts";
import { done, N, setUp, trail, type WithConnectionCheck } from "./fixture.ts";

/** A dead connection is replaced once, and no other one is. */
export const reconnectionLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 52,
    says: "there is no reconnection while pings are answered",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      network.operationError = new SessionError("unavailable", "Just now.");
      const failing = rejects(handler.read("a"), "unavailable");
      await clock.advance(10);
      await failing;
      network.operationError = undefined;
      await done(handler.read("a"), clock);
      await clock.advance(N);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 2);
      assert.equal(started(network, "reconnect"), 0);
    },
  },
  {
    law: 52,
    says: "a healthy connection is not replaced because the process was suspended while it was pinged; a dead one is",
    async check(withConnectionCheck) {
      for (const isHealthy of [true, false]) {
        const clock = createStandingClock();
        const answers: (() => void)[] = [];
        let reconnections = 0;
        const checked = withConnectionCheck(
          handlerWith({
            ping: () => new Promise((resolve) => answers.push(resolve)),
            async reconnect() {
              reconnections += 1;
            },
          }),
          { everySeconds: 0, clock },
        );
        const call = watch(checked.read("a"));
        await clock.standStill(1100);
        if (isHealthy) for (const answer of answers) answer();
        for (let turns = 0; turns < 2; turns += 1) await clock.turn();
        assert.equal(call.state, "resolved");
        assert.equal(reconnections, isHealthy ? 0 : 1);
      }
    },
  },
  {
    law: 53,
    says: "a failed check is not remembered: the next call checks again, and succeeds if it can",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      const failing = rejects(handler.read("a"), "unavailable");
      await clock.advance(5000);
      await failing;
      network.newConnections = "pass";
      await done(handler.read("a"), clock, 1100);
    },
  },
  {
    law: 55,
    says: "the operation starts after the reconnection has finished",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      network.silence();
      await done(handler.read("a"), clock, 1100);
      assert.deepEqual(trail(network).slice(-5), [
        "ping start",
        "reconnect start",
        "reconnect success",
        "operation start",
        "operation success",
      ]);
    },
  },
  {
    law: 58,
    says: "when ping and reconnection have failed, the call rejects with unavailable, both errors and outcome not-applied",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      const call = rejects(handler.touch("a", 60), "unavailable", "not-applied");
      await clock.advance(5000);
      const { cause } = await call;
      assert.ok(cause instanceof AggregateError);
      assert.deepEqual(
        cause.errors.map(({ code }) => code),
        ["timeout", "unavailable"],
      );
    },
  },
  {
    law: 75,
    says: "without ping, only a failure causes a reconnection; without reconnect, a failed ping fails the call",
    async check(withConnectionCheck) {
      const { network, clock } = await setUp(withConnectionCheck);
      const { ping, reconnect, ...rest } = network.handler;
      const withoutPing = withConnectionCheck({ ...rest, reconnect }, { clock });
      await done(withoutPing.read("a"), clock);
      await clock.advance(N);
      await done(withoutPing.read("a"), clock);
      assert.equal(started(network, "reconnect"), 0);
      network.silence();
      const unlucky = rejects(withoutPing.read("a"), "timeout");
      await clock.advance(2000);
      await unlucky;
      await done(withoutPing.read("a"), clock);
      assert.equal(started(network, "reconnect"), 1);

      const withoutReconnect = withConnectionCheck({ ...rest, ping }, { clock });
      await done(withoutReconnect.read("a"), clock);
      network.silence();
      await clock.advance(N);
      const end = rejects(withoutReconnect.touch("a", 60), "unavailable", "not-applied");
      await clock.advance(1000);
      assert.ok((await end).cause instanceof AggregateError);
    },
  },
];
