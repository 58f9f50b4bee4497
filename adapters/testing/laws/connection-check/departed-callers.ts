import assert from "node:assert/strict";
import { bytes, type Law, rejects, watch } from "../law.ts";
import { createLeavingClock } from "../leaving-clock.ts";
import { handlerWith } from "../stand-ins.ts";
import { create, type WithConnectionCheck } from "./fixture.ts";

/** The default time limit of a check, and the time until an abandoned check is detected, in ms. */
const CHECK_MS = 1000 + 3000 + 400;

/** No call is delayed by another caller that has left. */
export const departedCallerLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 111,
    says: "a caller that waits for the connection check of a departed caller gets an answer within its own deadline",
    async check(withConnectionCheck) {
      const { clock, advance, leave } = createLeavingClock();
      const handler = withConnectionCheck(handlerWith({ ping: never }), { everySeconds: 0, clock });
      leave(() => void handler.read("a"));
      const waiting = watch(handler.write("a", bytes("x"), create));
      await advance(CHECK_MS);
      assert.equal(waiting.state, "rejected");
      await rejects(Promise.reject(waiting.error), "timeout", "not-applied");
    },
  },
  {
    law: 111,
    says: "a connection check whose caller has left is started again",
    async check(withConnectionCheck) {
      const { clock, advance, leave } = createLeavingClock();
      let pings = 0;
      const ping = async () => {
        pings += 1;
        if (pings === 1) await never();
      };
      const handler = withConnectionCheck(handlerWith({ ping }), { everySeconds: 0, clock });
      leave(() => void handler.read("a"));
      await advance(CHECK_MS);
      const reading = handler.read("a");
      await advance(400);
      await reading;
      assert.equal(pings, 2);
      await handler.read("a");
      assert.equal(pings, 3);
    },
  },
];

function never(): Promise<never> {
  return new Promise(() => {});
}
