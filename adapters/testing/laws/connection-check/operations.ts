import assert from "node:assert/strict";
import { type NetworkedSessionHandler, SessionError, type SessionHandler } from "sessionwire";
import { started } from "../../simulated-network.ts";
import { plain } from "../answers.ts";
import { bytes, type Law, rejects, watch } from "../law.ts";
import { handlerWith } from "../stand-ins.ts";
import { create, done, N, setUp, unused, type WithConnectionCheck } from "./fixture.ts";

/** An operation is passed on once and unchanged. */
export const operationLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 54,
    says: "an operation is passed on once, whatever its outcome",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      const before = started(network, "operation");
      network.loseReplies = true;
      const writing = rejects(handler.write("b", bytes("x"), create), "timeout", "unknown");
      await clock.advance(10_000);
      await writing;
      network.loseReplies = false;
      network.operationError = new SessionError("unavailable", "No.");
      const touching = rejects(handler.touch("b", 60), "unavailable", "unknown");
      await clock.advance(100);
      await touching;
      assert.equal(started(network, "operation"), before + 2);
    },
  },
  {
    law: 56,
    says: "results are those of the inner handler, also for the call that made the check",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      assert.deepEqual(await done(handler.read("a"), clock), await network.store.read("a"));
      await clock.advance(N);
      const refused = await done(handler.write("a", bytes("x"), create), clock);
      assert.deepEqual(plain(refused), plain({ written: false, current: await network.store.read("a") }));
      assert.equal(await done(handler.touch("nobody", 60), clock), false);
      assert.deepEqual(await done(handler.destroy("a"), clock), { destroyed: true });
    },
  },
  {
    law: 57,
    says: "arguments and options are passed on unchanged",
    async check(withConnectionCheck) {
      const seen: unknown[][] = [];
      const inner = recordingHandler(seen);
      const handler = withConnectionCheck(inner);
      const { signal } = new AbortController();
      const data = bytes("x");
      const replaces = "v1" as never;
      const calls: [keyof SessionHandler, ...unknown[]][] = [
        ["read", "a", { ttlSeconds: 7, signal }],
        ["read", "a", undefined],
        ["write", "a", data, { replaces, ttlSeconds: 8, signal }],
        ["touch", "a", 9, { signal }],
        ["destroy", "a", { replaces, signal }],
      ];
      for (const [method, ...args] of calls)
        await (handler[method] as (...args: unknown[]) => Promise<unknown>)(...args);
      assert.deepEqual(seen, calls);
    },
  },
  {
    law: 5,
    says: "changes that the caller makes while its call waits for a check have no effect",
    async check(withConnectionCheck) {
      const { network, handler, clock } = await setUp(withConnectionCheck);
      await clock.advance(N);
      const data = bytes("meant");
      const options = { ...create };
      const writing = handler.write("b", data, options);
      data.fill(0);
      options.ttlSeconds = 1;
      await done(writing, clock);
      await clock.advance(2000);
      assert.deepEqual((await network.store.read("b"))?.data, bytes("meant"));
    },
  },
  {
    law: 11,
    says: "wrong arguments are refused before a check, so that they cause no traffic",
    async check(withConnectionCheck) {
      const { network, handler } = unused(withConnectionCheck, { everySeconds: 0 });
      await rejects(handler.read(""), "invalid-id");
      await assert.rejects(handler.read("a", { ttlSeconds: 0 }), RangeError);
      await assert.rejects(handler.touch("a", 0.5), RangeError);
      await assert.rejects(handler.write("a", "x" as never, create), TypeError);
      await assert.rejects(handler.destroy("a", { replaces: "" as never }), TypeError);
      assert.deepEqual(network.events, []);
    },
  },
  {
    law: 77,
    says: "calls made from within the handler's own ping or reconnect do not cause a deadlock",
    async check(withConnectionCheck) {
      for (const method of ["ping", "reconnect"] as const) {
        const { network, clock } = unused(withConnectionCheck);
        const inside: { handler?: SessionHandler; calls: number } = { calls: 0 };
        const reenter = async () => {
          inside.calls += 1;
          await inside.handler?.read("a");
        };
        const reentrant = {
          ...network.handler,
          ping: method === "ping" ? reenter : () => Promise.reject(new Error("no")),
          reconnect: method === "reconnect" ? reenter : async () => {},
        };
        inside.handler = withConnectionCheck(reentrant, { clock, everySeconds: 0 });
        for (const round of [1, 2]) {
          const call = watch(inside.handler.read("a"));
          await clock.advance(6000);
          assert.notEqual(call.state, "pending");
          assert.equal(inside.calls, round);
        }
      }
    },
  },
];

function recordingHandler(seen: unknown[][]): NetworkedSessionHandler {
  const record =
    (method: string, result: unknown) =>
    async (...args: unknown[]) => {
      seen.push([method, ...args]);
      return result as never;
    };
  return handlerWith({
    read: record("read", undefined),
    write: record("write", { written: false, current: undefined }),
    touch: record("touch", false),
    destroy: record("destroy", { destroyed: true }),
  });
}
