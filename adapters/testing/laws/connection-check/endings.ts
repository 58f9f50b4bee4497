import assert from "node:assert/strict";
import type { NetworkedSessionHandler } from "sessionwire";
import { started } from "../../simulated-network.ts";
import { createVirtualClock, settled } from "../../virtual-clock.ts";
import { bytes, type Law, rejects, watch } from "../law.ts";
import { handlerWith } from "../stand-ins.ts";
import { withoutUnhandledRejections } from "../unhandled-rejections.ts";
import { create, done, N, setUp, type WithConnectionCheck } from "./fixture.ts";

/** A waiting call ends with its signal or the handler, and leaves nothing behind. */
export const endingLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 66,
    says: "a waiting call that is aborted rejects in the same turn and is never sent",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      const before = started(network, "operation");
      const abortion = new AbortController();
      const call = watch(handler.write("b", bytes("x"), { ...create, signal: abortion.signal }));
      await settled();
      abortion.abort(new Error("left"));
      await settled();
      await rejects(Promise.reject(call.error), "aborted", "not-applied");
      await clock.advance(100);
      assert.equal(started(network, "operation"), before);
    },
  },
  {
    law: 68,
    says: "close during a check rejects its callers at once, starts no reconnection, and a late connection is closed again",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      network.silence();
      const waiting = watch(handler.touch("a", 60));
      await clock.advance(500);
      await handler.close();
      await settled();
      await rejects(Promise.reject(waiting.error), "closed", "not-applied");
      await clock.advance(10_000);
      assert.equal(started(network, "reconnect"), 0);

      let closes = 0;
      const stubborn = {
        ...handlerWith({}),
        ping: () => Promise.reject(new Error("no")),
        reconnect: () => new Promise<void>((resolve) => clock.schedule(resolve, 100)),
        close: async () => {
          closes += 1;
        },
      };
      const late = withConnectionCheck(stubborn, { everySeconds: 0, clock });
      const call = rejects(late.read("a"), "closed");
      await clock.advance(50);
      await late.close();
      await call;
      assert.equal(closes, 1);
      await clock.advance(100);
      assert.equal(closes, 2);
    },
  },
  {
    law: 69,
    says: "after close there is no activity on the network",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      const before = network.events.length;
      await handler.close();
      await rejects(handler.read("a"), "closed");
      await rejects(handler.touch("a", 60), "closed", "not-applied");
      await rejects((handler as NetworkedSessionHandler).ping(), "closed");
      await rejects((handler as NetworkedSessionHandler).reconnect(), "closed");
      await clock.advance(100_000);
      assert.equal(network.events.length, before);

      const busy: unknown[] = [];
      const unguarded = {
        ...handlerWith({}),
        ping: async () => void busy.push("ping"),
        reconnect: async () => void busy.push("reconnect"),
      };
      const closed = withConnectionCheck(unguarded);
      await closed.close();
      await rejects(closed.ping(), "closed");
      await rejects(closed.reconnect(), "closed");
      assert.deepEqual(busy, []);
    },
  },
  {
    law: 69,
    says: "a closed inner handler counts as closed: it is neither unavailable nor reconnected",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      await network.handler.close();
      await rejects(handler.touch("a", 60), "closed", "not-applied");
      assert.equal(started(network, "reconnect"), 0);
    },
  },
  {
    law: 70,
    says: "no timer is left after a call, after a failed check or after close",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      await done(handler.read("a"), clock);
      assert.equal(clock.pending, 0);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      const failing = rejects(handler.read("a"), "unavailable");
      await clock.advance(1100);
      await failing;
      assert.equal(clock.pending, 0);
    },
  },
  {
    law: 71,
    says: "whatever fails late, no rejection goes unhandled",
    async check(withConnectionCheck) {
      await withoutUnhandledRejections(async () => {
        const clock = createVirtualClock();
        const later = (ms: number) =>
          new Promise<never>((_, reject) => clock.schedule(() => reject(new Error("late")), ms));
        const failing = {
          ...handlerWith({}),
          ping: () => later(2000),
          reconnect: () => later(5000),
          read: () => later(1),
        };
        const handler = withConnectionCheck(failing, { clock, everySeconds: 0 });
        const calls = [handler.read("a"), handler.read("b"), handler.ping(), handler.reconnect()].map((call) =>
          watch<unknown>(call),
        );
        await clock.advance(20_000);
        assert.deepEqual(
          calls.map(({ state }) => state),
          Array.from({ length: 4 }, () => "rejected"),
        );
        await handler.close();
        await clock.advance(20_000);
      });
    },
  },
];
