import assert from "node:assert/strict";
import { inspect } from "node:util";
import { SessionError } from "sessionwire";
import { createVirtualClock } from "../../virtual-clock.ts";
import { bytes, type Law, rejects, watch } from "../law.ts";
import { hanging } from "../stand-ins.ts";
import { type CreateHandler, changesThat, create, setUp } from "./fixture.ts";

/** A failure is an error with a code and its cause, and reveals no secrets. */
export const errorLaws: readonly Law<CreateHandler>[] = [
  {
    law: 32,
    says: "a failure is never reported as absence",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      network.operationError = new SessionError("overloaded", "Too much.");
      const { handler } = network;
      const calls = [
        handler.read("a"),
        handler.write("a", bytes("x"), create),
        handler.touch("a", 60),
        handler.destroy("a"),
      ];
      const results = calls.map((call) => watch<unknown>(call));
      await clock.advance(100);
      assert.deepEqual(
        results.map(({ state }) => state),
        Array.from({ length: 4 }, () => "rejected"),
      );
    },
  },
  {
    law: 33,
    says: "whatever a backend throws, the caller receives a SessionError with a code and the cause",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      const cause = new Error("unexpected");
      network.operationError = cause;
      const reading = rejects(network.handler.read("a"), "failed");
      await clock.advance(100);
      assert.equal((await reading).cause, cause);
    },
  },
  {
    law: 33,
    says: "an error of the store keeps its stack, class, cause and properties when it receives an outcome",
    async check(createHandler) {
      class StoreError extends SessionError {
        readonly server = "the second one";
        override readonly name = "SessionError";
      }
      const thrown = failInTheStore(StoreError);
      const backend = { ...hanging, ...changesThat(() => {}, thrown) };
      const handler = createHandler(backend, { name: "A store", clock: createVirtualClock() });
      const error = await rejects(handler.touch("a", 60), "overloaded", "unknown");
      assert.match(String(error.stack), /failInTheStore/);
      assert.ok(error instanceof StoreError && error instanceof Error);
      assert.equal(error.server, "the second one");
      assert.equal(error.cause, "a reason");
      assert.equal(Object.prototype.toString.call(error), "[object Error]");
      assert.deepEqual(error.toJSON(), {
        name: "SessionError",
        code: "overloaded",
        message: "Too much.",
        outcome: "unknown",
      });
    },
  },
  {
    law: 35,
    says: "an error contains neither the id nor the data",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      network.loseReplies = true;
      const id = "SECRET-ID";
      const calls = [
        rejects(network.handler.write(id, bytes("SECRET-DATA"), create), "timeout", "unknown"),
        rejects(network.handler.read(`${id}\ud800`), "invalid-id"),
        rejects(network.handler.write(id, new Uint8Array(2_000_000), create), "too-large", "not-applied"),
      ];
      await clock.advance(2000);
      for (const error of await Promise.all(calls)) {
        assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error), /SECRET/);
      }
    },
  },
];

function failInTheStore(StoreError: typeof SessionError): SessionError {
  return new StoreError("overloaded", "Too much.", { cause: "a reason" });
}
