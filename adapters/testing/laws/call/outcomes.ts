import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import type { Call } from "sessionwire/backend";
import { createVirtualClock } from "../../virtual-clock.ts";
import { bytes, type Law, rejects } from "../law.ts";
import { hanging } from "../stand-ins.ts";
import { type CreateHandler, changesThat, create, setUp } from "./fixture.ts";

/** A change that rejects says whether it may have been applied. */
export const outcomeLaws: readonly Law<CreateHandler>[] = [
  {
    law: 34,
    says: "a rejected change says whether it may have been applied: not before it was sent, perhaps afterwards",
    async check(createHandler) {
      const { network, clock } = setUp(createHandler);
      network.newConnections = "silent";
      const neverSent = rejects(network.handler.write("a", bytes("x"), create), "timeout", "not-applied");
      await clock.advance(2000);
      await neverSent;
      network.newConnections = "pass";
      network.loseReplies = true;
      const lost = [
        rejects(network.handler.write("a", bytes("x"), create), "timeout", "unknown"),
        rejects(network.handler.touch("a", 60), "timeout", "unknown"),
        rejects(network.handler.destroy("b"), "timeout", "unknown"),
        rejects(network.handler.read("a"), "timeout", undefined),
      ];
      await clock.advance(2000);
      await Promise.all(lost);
      assert.ok(await network.store.read("a"), "a write whose reply was lost has been applied");
      network.operationError = new SessionError("overloaded", "Too much.", { outcome: "not-applied" });
      network.loseReplies = false;
      const refused = rejects(network.handler.destroy("a"), "overloaded", "not-applied");
      await clock.advance(100);
      await refused;
    },
  },
  {
    law: 34,
    says: "a change by a backend that does not report when it sends is never called not applied",
    async check(createHandler) {
      const clock = createVirtualClock();
      const applied: string[] = [];
      const late = (name: string) =>
        new Promise<never>(() => {
          clock.schedule(() => applied.push(name), 200);
        });
      const handler = createHandler(
        {
          read: () => undefined,
          write: () => late("write"),
          touch: () => late("touch"),
          destroy: () => late("destroy"),
          close() {},
        },
        { name: "A store", clock, timeoutMs: 100 },
      );
      const calls = [
        rejects(handler.write("a", bytes("x"), create), "timeout", "unknown"),
        rejects(handler.touch("a", 60), "timeout", "unknown"),
        rejects(handler.destroy("a"), "timeout", "unknown"),
      ];
      await clock.advance(300);
      await Promise.all(calls);
      assert.deepEqual(applied, ["write", "touch", "destroy"]);
    },
  },
  {
    law: 34,
    says: "a backend declares that nothing has been sent yet, whatever its methods look like; one that declares nothing is not believed",
    async check(createHandler) {
      const declaring = changesThat((call) => call.notSentYet());
      const wrapped = {
        write: (...args: Parameters<typeof declaring.write>) => declaring.write(...args),
        touch: (key: string, ttlSeconds = 60, call?: Call) => declaring.touch(key, ttlSeconds, call as Call),
        destroy: (...args: Parameters<typeof declaring.destroy>) => declaring.destroy(...args),
      };
      const silent = changesThat(() => {});
      const late = changesThat((call) => {
        call.send(() => new Promise(() => {}));
        call.notSentYet();
      });
      for (const [backend, outcome] of [
        [declaring, "not-applied"],
        [wrapped, "not-applied"],
        [new Proxy(declaring, {}), "not-applied"],
        [silent, "unknown"],
        [{ ...declaring, ...silent }, "unknown"],
        [late, "unknown"],
      ] as const) {
        const clock = createVirtualClock();
        const handler = createHandler({ ...hanging, ...backend }, { name: "A store", clock });
        const calls = [
          rejects(handler.write("a", bytes("x"), create), "timeout", outcome),
          rejects(handler.touch("a", 60), "timeout", outcome),
          rejects(handler.destroy("a"), "timeout", outcome),
        ];
        await clock.advance(2000);
        await Promise.all(calls);
      }
    },
  },
  {
    law: 34,
    says: "an error shared by several calls carries the outcome of each",
    async check(createHandler) {
      const shared = new SessionError("unavailable", "No connection.");
      const declaring = changesThat((call) => call.notSentYet(), shared);
      const silent = changesThat(() => {}, shared);
      const handlerOf = (backend: typeof declaring) =>
        createHandler({ ...hanging, ...backend, read: () => Promise.reject(shared) }, { name: "A store" });
      await rejects(handlerOf(declaring).touch("a", 60), "unavailable", "not-applied");
      await rejects(handlerOf(silent).touch("a", 60), "unavailable", "unknown");
      await rejects(handlerOf(declaring).destroy("a"), "unavailable", "not-applied");
      assert.equal(await rejects(handlerOf(declaring).read("a"), "unavailable", undefined), shared);
    },
  },
];
