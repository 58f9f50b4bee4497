import assert from "node:assert/strict";
import { started } from "../../simulated-network.ts";
import { settled } from "../../virtual-clock.ts";
import { bytes, type Law, rejects, watch } from "../law.ts";
import { create, done, N, setUp, type WithConnectionCheck } from "./fixture.ts";

/** One check serves all calls that wait for it. */
export const sharedCheckLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 50,
    says: "calls that need a ping share the one under way",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      const calls = [handler.read("a"), handler.touch("a", 60), handler.write("b", bytes("x"), create)];
      await clock.advance(1);
      calls.push(handler.read("b"));
      await clock.advance(20);
      await Promise.all(calls);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 51,
    says: "a failed check leads to one reconnection, whose failure is shared",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      network.silence();
      network.newConnections = "refuse";
      const calls = Array.from({ length: 5 }, () => rejects(handler.read("a"), "unavailable"));
      await clock.advance(5000);
      await Promise.all(calls);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
  {
    law: 67,
    says: "neither the shared check nor any other caller is affected when one caller leaves",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      const abortion = new AbortController();
      const leaving = watch(handler.read("a", { signal: abortion.signal }));
      const staying = handler.read("a");
      await settled();
      abortion.abort();
      await clock.advance(20);
      assert.ok(await staying);
      assert.equal(leaving.state, "rejected");
      assert.equal(started(network, "ping"), 1);
      assert.equal(started(network, "reconnect"), 0);
      await done(handler.read("a"), clock);
      assert.equal(started(network, "ping"), 1);
    },
  },
  {
    law: 78,
    says: "fifty simultaneous calls on a dropped connection: one ping, one reconnection, fifty successes",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      network.silence();
      await clock.advance(N);
      const calls = Array.from({ length: 50 }, () => watch(handler.read("a")));
      await clock.advance(1010);
      assert.ok(calls.every(({ state }) => state === "resolved"));
      assert.equal(started(network, "ping"), 1);
      assert.equal(started(network, "reconnect"), 1);
    },
  },
];
