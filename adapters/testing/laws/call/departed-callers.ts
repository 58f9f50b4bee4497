import assert from "node:assert/strict";
import type { NetworkedSessionBackend } from "sessionwire/backend";
import { settled } from "../../virtual-clock.ts";
import { type Law, rejects, watch } from "../law.ts";
import { createLeavingClock } from "../leaving-clock.ts";
import { hanging } from "../stand-ins.ts";
import type { CreateHandler } from "./fixture.ts";

/**
 * A caller may leave without notice, together with its timers and the answers to it, like a request that Cloudflare
 * Workers has cancelled. It must not delay any other caller.
 */
export const departedCallerLaws: readonly Law<CreateHandler>[] = [
  {
    law: 111,
    says: "a call that its caller has left is not kept forever",
    async check(createHandler) {
      const { clock, advance, leave } = createLeavingClock();
      const handler = createHandler(backend, { name: "A store", clock });
      const left: ReturnType<typeof watch>[] = [];
      leave(() => left.push(watch(handler.read("a"))));
      await advance(3_600_000);
      const under = watch(handler.read("a"));
      await handler.close();
      await settled();
      assert.deepEqual([left[0]?.state, under.state], ["pending", "rejected"]); // closing settles all calls that it knows
    },
  },
  {
    law: 111,
    says: "a caller that closes a handler while another caller is closing it gets an answer within its own deadline",
    async check(createHandler) {
      const { clock, advance, leave } = createLeavingClock();
      let closed = 0;
      const close = () => {
        closed += 1;
        return never();
      };
      const handler = createHandler({ ...backend, close }, { name: "A store", clock });
      leave(() => void handler.close());
      const closing = rejects(handler.close(), "timeout");
      await advance(2000);
      await closing;
      assert.equal(closed, 1);
    },
  },
];

const backend: NetworkedSessionBackend = { ...hanging, close() {} };

function never(): Promise<never> {
  return new Promise(() => {});
}
