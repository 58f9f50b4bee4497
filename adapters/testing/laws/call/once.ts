import assert from "node:assert/strict";
import { bytes, type Law, rejects } from "../law.ts";
import { type CreateHandler, create, setUp } from "./fixture.ts";

/** A call is passed on once, and does no harm if it arrives late. */
export const onceLaws: readonly Law<CreateHandler>[] = [
  {
    law: 36,
    says: "a call is passed on to the store once, whatever its outcome",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      network.loseReplies = true;
      const writing = rejects(network.handler.write("a", bytes("x"), create), "timeout", "unknown");
      await clock.advance(10_000);
      await writing;
      assert.equal(network.executed, 1);
    },
  },
  {
    law: 37,
    says: "a replacing write that takes effect late never overwrites a newer one",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      const first = await network.store.write("a", bytes("one"), create);
      assert.ok(first.written);
      const connecting = network.handler.ping();
      await clock.advance(10);
      await connecting;
      network.latencyMs = 3000;
      const late = rejects(
        network.handler.write("a", bytes("late"), { replaces: first.version, ttlSeconds: 60 }),
        "timeout",
        "unknown",
      );
      await clock.advance(2500);
      await late;
      await network.store.write("a", bytes("newer"), { replaces: first.version, ttlSeconds: 60 });
      await clock.advance(10_000);
      assert.deepEqual((await network.store.read("a"))?.data, bytes("newer"));
    },
  },
];
