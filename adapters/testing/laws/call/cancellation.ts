import assert from "node:assert/strict";
import { settled } from "../../virtual-clock.ts";
import { countListeners } from "../count-listeners.ts";
import { bytes, type Law, rejects, watch } from "../law.ts";
import { type CreateHandler, create, setUp } from "./fixture.ts";

/** A call ends with its signal or the handler, and leaves nothing behind. */
export const cancellationLaws: readonly Law<CreateHandler>[] = [
  {
    law: 39,
    says: "an aborted call rejects in the same turn, with the signal's reason as cause, and is not sent if it was waiting",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      const abortion = new AbortController();
      const reason = new Error("changed my mind");
      const sent = watch(network.handler.write("a", bytes("x"), { ...create, signal: abortion.signal }));
      await clock.advance(1);
      abortion.abort(reason);
      await settled();
      assert.equal(sent.state, "rejected");
      const error = await rejects(Promise.reject(sent.error), "aborted", "unknown");
      assert.equal(error.cause, reason);
      await clock.advance(100);
    },
  },
  {
    law: 39,
    says: "any number of calls may share a signal, and one listener on it is enough",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      network.loseReplies = true;
      const abortion = new AbortController();
      const { listeners } = countListeners(abortion.signal);
      const calls = Array.from({ length: 20 }, () => watch(network.handler.read("a", { signal: abortion.signal })));
      await clock.advance(10);
      assert.equal(listeners(), 1);
      abortion.abort();
      await settled();
      assert.ok(calls.every(({ state }) => state === "rejected"));
      assert.equal(listeners(), 0);
    },
  },
  {
    law: 40,
    says: "close settles all calls under way and leaves no timer and no listener behind",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      network.loseReplies = true;
      const { signal, listeners } = countListeners();
      const calls = [
        rejects(network.handler.read("a", { signal }), "closed"),
        rejects(network.handler.write("a", bytes("x"), { ...create, signal }), "closed", "unknown"),
        rejects(network.handler.ping(), "closed"),
      ];
      await clock.advance(10);
      assert.equal(listeners(), 1);
      await network.handler.close();
      await Promise.all(calls);
      assert.equal(listeners(), 0);
      assert.equal(clock.pending, 0);
      assert.equal(network.closed, true);
    },
  },
  {
    law: 70,
    says: "a call that has settled leaves no timer and no listener behind",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      const { signal, listeners } = countListeners();
      const call = network.handler.read("a", { signal });
      await clock.advance(100);
      await call;
      assert.equal(listeners(), 0);
      assert.equal(clock.pending, 0);
    },
  },
];
