import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import { type Law, watch } from "../law.ts";
import { type Decoration, operations, setUp, until } from "./fixture.ts";
import { NetworkedInnerHandler } from "./inner-handler.ts";

/** A call is passed on once, and nothing else is sent. */
export const callLaws: readonly Law<Decoration>[] = [
  {
    law: 54,
    says: "a call is passed on once, whatever its outcome",
    async check(decoration) {
      for (const failure of [
        new SessionError("unavailable", "No connection.", { outcome: "not-applied" }),
        new SessionError("timeout", "Late.", { outcome: "unknown" }),
        new Error("foreign"),
      ]) {
        const { handler, inner, clock } = setUp(decoration, new NetworkedInnerHandler());
        for (const { method, make } of operations) {
          inner.answers[method] = () => Promise.reject(failure);
          const call = watch(make(handler));
          await until(() => call.state !== "pending");
          assert.equal(call.state, "rejected");
        }
        await clock.advance(100_000);
        assert.deepEqual(
          inner.asked.map(([method]) => method).filter((method) => method !== "ping" && method !== "reconnect"),
          operations.map(({ method }) => method),
        );
      }
    },
  },
  {
    law: 105,
    says: "with nothing to do, a decorator passes every call on once and makes no other calls",
    async check(decoration) {
      const { handler, inner, clock } = setUp(decoration, new NetworkedInnerHandler());
      const twice = [...operations, ...operations];
      for (const { make } of twice) await make(handler);
      await clock.advance(100);
      assert.deepEqual(
        inner.asked.map(([method]) => method),
        twice.map(({ method }) => method),
      );
    },
  },
];
