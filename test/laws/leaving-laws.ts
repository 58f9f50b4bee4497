import assert from "node:assert/strict";
import type { Clock, NetworkedSessionBackend } from "sessionwire";
import { createVirtualClock, rejects, settled } from "sessionwire/testing";
import { handlerWith, hanging } from "./fakes.ts";
import { bytes, type Law, type Subject, watch } from "./law.ts";

const create = { replaces: undefined, ttlSeconds: 60 };
const never = () => new Promise<never>(() => {});

/** The time that a check may take by default, and that in which it is noticed that nobody makes it. */
const CHECK_MS = 1000 + 3000 + 400;

/**
 * A caller may leave without a word, with its timers and the answers to it, as a request does that Cloudflare Workers has cancelled. No other
 * one is held up by that (law 111).
 */
export const leavingLaws: readonly Law<Subject>[] = [
  {
    law: 111,
    says: "who waits for the connection check of a caller that has left is answered by a deadline of its own",
    async check({ withConnectionCheck }) {
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
    says: "a connection check that its caller has left is begun anew",
    async check({ withConnectionCheck }) {
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
  {
    law: 111,
    says: "a call that its caller has left is not kept for ever",
    async check({ createGuardedHandler }) {
      const { clock, advance, leave } = createLeavingClock();
      const handler = createGuardedHandler(backend, { name: "A store", clock });
      const left: ReturnType<typeof watch>[] = [];
      leave(() => left.push(watch(handler.read("a"))));
      await advance(3_600_000);
      const under = watch(handler.read("a"));
      await handler.close();
      await settled();
      assert.deepEqual([left[0]?.state, under.state], ["pending", "rejected"]); // closing settles those that it knows of
    },
  },
  {
    law: 111,
    says: "who closes a handler that another caller was closing is answered by a deadline of its own",
    async check({ createGuardedHandler }) {
      const { clock, advance, leave } = createLeavingClock();
      let closed = 0;
      const close = () => {
        closed += 1;
        return never();
      };
      const handler = createGuardedHandler({ ...backend, close }, { name: "A store", clock });
      leave(() => void handler.close());
      const closing = rejects(handler.close(), "timeout");
      await advance(2000);
      await closing;
      assert.equal(closed, 1);
    },
  },
];

const backend: NetworkedSessionBackend = { ...hanging, close() {} };

interface LeavingClock {
  readonly clock: Clock;
  advance(ms: number): Promise<void>;
  /** Makes a call whose timers never fire. */
  leave(call: () => void): void;
}

function createLeavingClock(): LeavingClock {
  const virtual = createVirtualClock();
  let isLeaving = false;
  return {
    clock: { ...virtual, schedule: (run, delayMs) => (isLeaving ? () => {} : virtual.schedule(run, delayMs)) },
    advance: virtual.advance,
    leave(call) {
      isLeaving = true;
      call();
      isLeaving = false;
    },
  };
}
