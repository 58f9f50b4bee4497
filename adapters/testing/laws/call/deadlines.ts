import assert from "node:assert/strict";
import { createVirtualClock, settled } from "../../virtual-clock.ts";
import { type Law, rejects, watch } from "../law.ts";
import { hanging } from "../stand-ins.ts";
import { createStandingClock } from "../standing-clock.ts";
import { type CreateHandler, setUp } from "./fixture.ts";

/** Every call settles by its deadline. */
export const deadlineLaws: readonly Law<CreateHandler>[] = [
  {
    law: 38,
    says: "every call settles by the deadline",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      network.newConnections = "silent";
      const calls = [network.handler.read("a"), network.handler.ping(), network.handler.reconnect()].map((call) =>
        watch<unknown>(call),
      );
      await clock.advance(1999);
      assert.deepEqual(
        calls.map(({ state }) => state),
        ["pending", "pending", "pending"],
      );
      await clock.advance(1);
      assert.deepEqual(
        calls.map(({ state }) => state),
        ["rejected", "rejected", "rejected"],
      );
    },
  },
  {
    law: 38,
    says: "a handler on a network has a deadline of two seconds unless it is given another one, and so has closing",
    async check(createHandler) {
      const clock = createVirtualClock();
      const handler = createHandler(hanging, { name: "A store", clock });
      const reading = watch(handler.read("a"));
      await clock.advance(2000);
      await rejects(Promise.reject(reading.error), "timeout");
      const closing = watch(handler.close());
      await clock.advance(2000);
      await rejects(Promise.reject(closing.error), "timeout");
    },
  },
  {
    law: 38,
    says: "calls that start one after the other have their own deadlines, whatever happens to the others",
    async check(createHandler) {
      const clock = createVirtualClock();
      const answers: ((answer: undefined) => void)[] = [];
      const read = () => new Promise<undefined>((resolve) => answers.push(resolve));
      const handler = createHandler({ ...hanging, read }, { name: "A store", timeoutMs: 500, clock });
      const calls: { readonly state: string }[] = [];
      for (const _ of "123") {
        calls.push(watch(handler.read("a")));
        await clock.advance(100);
      }
      const states = () => calls.map(({ state }) => state);
      answers[0]?.(undefined);
      await clock.advance(299);
      assert.deepEqual(states(), ["resolved", "pending", "pending"]);
      await clock.advance(1);
      assert.deepEqual(states(), ["resolved", "rejected", "pending"]);
      await clock.advance(99);
      assert.deepEqual(states(), ["resolved", "rejected", "pending"]);
      await clock.advance(1);
      assert.deepEqual(states(), ["resolved", "rejected", "rejected"]);
    },
  },
  {
    law: 38,
    says: "an answer that has arrived when the time is up counts, even if the process was suspended; one that is late by two turns does not",
    async check(createHandler) {
      for (const turns of [0, 1, 2]) {
        const clock = createStandingClock();
        const answers: ((answer: undefined) => void)[] = [];
        const read = () => new Promise<undefined>((resolve) => answers.push(resolve));
        const handler = createHandler({ ...hanging, read }, { name: "A store", timeoutMs: 500, clock });
        const call = watch(handler.read("a"));
        await clock.standStill(2100);
        for (let passed = 0; passed < turns; passed += 1) await clock.turn();
        assert.equal(call.state, turns === 2 ? "rejected" : "pending", `after ${turns} turns`);
        for (const answer of answers) answer(undefined);
        await settled();
        assert.equal(call.state, turns === 2 ? "rejected" : "resolved", `after ${turns} turns`);
        assert.equal(clock.pending, 0);
      }
    },
  },
];
