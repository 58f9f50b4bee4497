import assert from "node:assert/strict";
import { type OperationOptions, SessionError } from "sessionwire";
import { countListeners } from "../count-listeners.ts";
import { type Law, rejects, watch } from "../law.ts";
import { withoutUnhandledRejections } from "../unhandled-rejections.ts";
import { type Decoration, operations, setUp, until } from "./fixture.ts";
import { ListingInnerHandler, NetworkedInnerHandler } from "./inner-handler.ts";

/** A call ends when its signal or the inner handler ends it, and leaves nothing behind. */
export const cancellationLaws: readonly Law<Decoration>[] = [
  {
    law: 38,
    says: "a call settles as soon as the inner handler has answered",
    async check(decoration) {
      for (const fails of [false, true]) {
        const { handler, inner, clock } = setUp(decoration);
        for (const { method, make } of operations) {
          inner.answers[method] = () =>
            new Promise((resolve, reject) => {
              clock.schedule(() => (fails ? reject(new Error("foreign")) : resolve(nothing[method])), 500);
            });
          const call = watch(make(handler));
          await until(() => inner.asked.at(-1)?.[0] === method);
          await clock.advance(499);
          assert.equal(call.state, "pending");
          await clock.advance(1);
          await until(() => call.state !== "pending");
          assert.equal(call.state, fails ? "rejected" : "resolved");
        }
      }
    },
  },
  {
    law: 39,
    says: "a call with an aborted signal is refused and not passed on",
    async check(decoration) {
      const { handler, inner } = setUp(decoration, new ListingInnerHandler());
      const reason = new Error("changed my mind");
      const signal = AbortSignal.abort(reason);
      for (const { changes, make } of operations) {
        const refused = await rejects(make(handler, { signal }), "aborted", changes ? "not-applied" : undefined);
        assert.equal(refused.cause, reason);
      }
      if (!decoration.changesKeys) {
        assert.equal((await rejects(handler.list({ signal }), "aborted")).cause, reason);
      }
      assert.deepEqual(inner.asked, []);
    },
  },
  {
    law: 39,
    says: "an abort reaches the inner handler, with its reason, and ends the call",
    async check(decoration) {
      for (const { method, changes, make } of operations) {
        const { handler, inner } = setUp(decoration);
        inner.answers[method] = (options) => untilAborted(options, changes);
        const abortion = new AbortController();
        const call = watch(make(handler, { signal: abortion.signal }));
        await until(() => inner.asked.length > 0);
        assert.equal(call.state, "pending");
        const reason = new Error("changed my mind");
        abortion.abort(reason);
        await until(() => call.state !== "pending");
        const error = await rejects(Promise.reject(call.error), "aborted", changes ? "unknown" : undefined);
        assert.equal(error.cause, reason);
      }
    },
  },
  {
    law: 39,
    says: "an abort of a ping, a reconnection or a listing reaches the inner handler",
    async check(decoration) {
      const networked = setUp(decoration, new NetworkedInnerHandler());
      const listing = setUp(decoration, new ListingInnerHandler());
      for (const [inner, method, make] of [
        [networked.inner, "ping", (options: OperationOptions) => networked.handler.ping(options)],
        [networked.inner, "reconnect", (options: OperationOptions) => networked.handler.reconnect(options)],
        [listing.inner, "list", (options: OperationOptions) => listing.handler.list(options)],
      ] as const) {
        if (method === "list" && decoration.changesKeys) continue;
        inner.answers[method] = (options) => untilAborted(options, false);
        const abortion = new AbortController();
        const call = watch<unknown>(make({ signal: abortion.signal }));
        await until(() => inner.asked.at(-1)?.[0] === method);
        abortion.abort();
        await until(() => call.state !== "pending");
        await rejects(Promise.reject(call.error), "aborted");
      }
    },
  },
  {
    law: 70,
    says: "a call that has settled leaves no timer and no listener behind",
    async check(decoration) {
      const { handler, inner, clock } = setUp(decoration);
      const { signal, listeners } = countListeners();
      for (const fails of [false, true]) {
        for (const { method, make } of operations) {
          if (fails) inner.answers[method] = () => Promise.reject(new SessionError("unavailable", "No."));
          const call = watch(make(handler, { signal }));
          await until(() => call.state !== "pending");
          assert.equal(clock.pending, 0);
          assert.equal(listeners(), 0);
        }
      }
    },
  },
  {
    law: 71,
    says: "whatever fails late, no rejection goes unhandled",
    async check(decoration) {
      await withoutUnhandledRejections(async () => {
        const { handler, inner, clock } = setUp(decoration, new NetworkedInnerHandler());
        const late = () => new Promise<never>((_, reject) => clock.schedule(() => reject(new Error("late")), 20_000));
        for (const method of ["read", "write", "touch", "destroy", "ping", "reconnect"] as const) {
          inner.answers[method] = late;
        }
        const abortion = new AbortController();
        const calls = operations.map(({ make }) => watch(make(handler, abortion)));
        calls.push(watch(handler.ping(abortion)), watch(handler.reconnect(abortion)));
        await until(() => inner.asked.length >= calls.length);
        abortion.abort();
        await handler.close();
        await clock.advance(30_000);
        await until(() => calls.every(({ state }) => state === "rejected"));
      });
    },
  },
];

/** The answers if there is no session. */
const nothing = {
  read: undefined,
  write: { written: false, current: undefined },
  touch: false,
  destroy: { destroyed: false, current: undefined },
};

/** Ends a call that its caller has given up, as a handler of this package does. */
function untilAborted(options: OperationOptions | undefined, changes: boolean): Promise<never> {
  return new Promise((_, reject) => {
    const signal = options?.signal;
    signal?.addEventListener("abort", () => {
      const outcome = changes ? "unknown" : undefined;
      reject(new SessionError("aborted", "The operation was aborted.", { cause: signal.reason, outcome }));
    });
  });
}
