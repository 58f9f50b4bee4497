import assert from "node:assert/strict";
import { inspect } from "node:util";
import { SessionError } from "sessionwire";
import { bytes, type Law, rejects } from "../law.ts";
import { create, type Decoration, operations, setUp } from "./fixture.ts";
import { ListingInnerHandler, NetworkedInnerHandler } from "./inner-handler.ts";

/** A failure of the inner handler stays a failure, and keeps its meaning. */
export const failureLaws: readonly Law<Decoration>[] = [
  {
    law: 32,
    says: "a failure of the inner handler is never turned into an answer",
    async check(decoration) {
      const { handler, inner } = setUp(decoration);
      for (const failure of [new SessionError("unavailable", "No connection."), new Error("foreign")]) {
        for (const { method, make } of operations) {
          inner.answers[method] = () => Promise.reject(failure);
          await assert.rejects(make(handler));
        }
      }
    },
  },
  {
    law: 109,
    says: "errors of the package pass unchanged, through any number of decorators",
    async check(decoration) {
      const { handler, inner } = setUpTwice(decoration);
      const thrown = new SessionError("overloaded", "Too much.", { outcome: "not-applied" });
      for (const { method, make } of operations) {
        inner.answers[method] = () => Promise.reject(thrown);
        assert.equal(await failureOf(make(handler)), thrown);
      }
      inner.answers.ping = () => Promise.reject(thrown);
      assert.equal(await failureOf(handler.ping()), thrown);
    },
  },
  {
    law: 109,
    says: "foreign errors are wrapped once, with their cause, through any number of decorators",
    async check(decoration) {
      const { handler, inner } = setUpTwice(decoration);
      const foreign = new Error("foreign");
      for (const { method, changes, make } of operations) {
        for (const fail of [() => Promise.reject(foreign), () => throwIt(foreign)]) {
          inner.answers[method] = fail;
          assert.equal((await rejects(make(handler), "failed", changes ? "unknown" : undefined)).cause, foreign);
        }
      }
      inner.answers.ping = () => Promise.reject(foreign);
      assert.equal((await rejects(handler.ping(), "failed")).cause, foreign);
      const onTheSpot = Object.assign(new NetworkedInnerHandler(), { read: () => throwIt(foreign) });
      await rejects(setUp(decoration, onTheSpot).handler.read("a"), "failed");
    },
  },
  {
    law: 34,
    says: "a failed change has the outcome that the inner handler states, and may have been applied if none is stated",
    async check(decoration) {
      const { handler, inner } = setUp(decoration);
      for (const { method, changes, make } of operations) {
        if (!changes) continue;
        for (const outcome of ["not-applied", "unknown"] as const) {
          inner.answers[method] = () => Promise.reject(new SessionError("unavailable", "No connection.", { outcome }));
          await rejects(make(handler), "unavailable", outcome);
        }
        inner.answers[method] = () => Promise.reject(new Error("foreign"));
        await rejects(make(handler), "failed", "unknown");
      }
    },
  },
  {
    law: 35,
    says: "errors of a decorator contain neither the id nor the data",
    async check(decoration) {
      const { handler, inner } = setUp(decoration);
      for (const { method } of operations) inner.answers[method] = () => Promise.reject(new Error("foreign"));
      const errors = await Promise.all([
        failureOf(handler.read("SECRET-ID")),
        failureOf(handler.write("SECRET-ID", bytes("SECRET-DATA"), create)),
        failureOf(handler.touch("SECRET-ID", 60)),
        failureOf(handler.destroy("SECRET-ID")),
        failureOf(handler.read("SECRET-ID\ud800")),
      ]);
      for (const error of errors) {
        assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error), /SECRET/);
      }
    },
  },
  {
    law: 112,
    says: "an error of the package passes a decorated listing unchanged and a foreign one is wrapped, both without an outcome",
    async check(decoration) {
      const { handler, inner } = setUp(decoration, new ListingInnerHandler());
      const own = new SessionError("overloaded", "Too much.");
      inner.answers.list = () => Promise.reject(own);
      assert.equal(await failureOf(handler.list()), own);
      const foreign = new Error("foreign");
      inner.answers.list = () => Promise.reject(foreign);
      assert.equal((await rejects(handler.list(), "failed")).cause, foreign);
    },
  },
];

function setUpTwice(decoration: Decoration) {
  const { handler, inner, clock } = setUp(decoration, new NetworkedInnerHandler());
  // It has the capabilities of the inner handler, which the type of a decorator does not express.
  return { inner, handler: decoration.decorate(handler, clock) as typeof handler };
}

function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => assert.fail("It does not reject."),
    (error: unknown) => error,
  );
}

function throwIt(error: Error): never {
  throw error;
}
