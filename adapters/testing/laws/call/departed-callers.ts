import assert from "node:assert/strict";
import type { NetworkedSessionBackend } from "sessionwire/backend";
import { settled } from "../../virtual-clock.ts";
import { type Law, rejects, watch } from "../law.ts";
import { createLeavingClock } from "../leaving-clock.ts";
import { hanging } from "../stand-ins.ts";
import type { CreateHandler } from "./fixture.ts";

/** A caller may leave without a word, with its timers and the answers to it, as a request does that Cloudflare Workers has cancelled. No
 * other one is held up by that. */
export const departedCallerLaws: readonly Law<CreateHandler>[] = [
  {
    law: 111,
    says: "a call that its caller has left is not kept for ever",
    async check(createHandler) {
      const { clock, advance, leave } = createLeavingClock();
      const handler = createHandler(backend, { name: "A store", clock });
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
