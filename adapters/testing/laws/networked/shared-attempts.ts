import assert from "node:assert/strict";
import { type Clock, systemClock } from "sessionwire";
import { rejects } from "../law.ts";
import { createSession, type NetworkedLaw, textAt } from "./fixture.ts";
import { isPendingAfter, until } from "./waiting.ts";

/** Several calls wait for one attempt to connect, each for its own time. */
export const sharedAttemptLaws: readonly NetworkedLaw[] = [
  {
    law: 67,
    says: "a call that gives up does not affect others that wait for the same connection",
    async check({ proxy, open }) {
      proxy.requests.delayMs = 50;
      proxy.replies.delayMs = 50;
      const handler = open();
      for (const begin of [(options: { signal: AbortSignal }) => handler.read("a", options), handler.reconnect]) {
        const before = proxy.accepted;
        const controller = new AbortController();
        const aborted = rejects(begin({ signal: controller.signal }), "aborted");
        const other = handler.read("a");
        await until(() => proxy.accepted === before + 1);
        controller.abort();
        await aborted;
        assert.equal(await other, undefined);
        assert.equal(proxy.accepted, before + 1);
      }
    },
  },
  {
    law: 67,
    says: "an attempt to connect is given up with the last call that waits for it, and not before",
    async check({ proxy, open }) {
      const handler = open();
      proxy.newConnections = "silent";
      const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
      const calls = [
        handler.reconnect({ signal: first.signal }),
        handler.read("a", { signal: second.signal }),
        handler.reconnect({ signal: third.signal }),
      ].map((call) => rejects(call, "aborted"));
      await until(() => proxy.open === 1);
      second.abort();
      first.abort();
      await Promise.all(calls.slice(0, 2));
      assert.ok(await isPendingAfter(50, Promise.all(calls)));
      assert.equal(proxy.open, 1);
      third.abort();
      await Promise.all(calls);
      await until(() => proxy.open === 0);
      assert.equal(proxy.accepted, 1);
      proxy.newConnections = "pass";
      await handler.reconnect();
    },
  },
  {
    law: 67,
    says: "a call that waits for a connection gets its replacement (law 60)",
    async check({ proxy, direct, open }) {
      const handler = open();
      const { id } = await createSession(direct);
      proxy.newConnections = "silent";
      const reads = [1, 2, 3].map(() => textAt(handler, id));
      await until(() => proxy.open === 1);
      proxy.newConnections = "pass";
      await handler.reconnect();
      assert.deepEqual(await Promise.all(reads), ["first", "first", "first"]);
      assert.equal(proxy.accepted, 2);
    },
  },
  {
    law: 38,
    says: "an attempt whose starter has stopped with all its timers delays nobody for longer than the attempt may take",
    async check({ proxy, direct, open }) {
      const { clock, pass, thaw } = createFrozenClock();
      const handler = open({ timeoutMs: 300, clock });
      const { id } = await createSession(direct);
      proxy.newConnections = "silent";
      handler.read(id).catch(() => {}); // closing ends it
      await until(() => proxy.open === 1);
      thaw();
      proxy.newConnections = "pass";
      pass(2000);
      assert.equal(await textAt(handler, id), "first");
    },
  },
];

/**
 * Creates the clock of a machine on which a caller has stopped for good: none of its timers ever fires. After `thaw`,
 * those of other callers do.
 */
function createFrozenClock(): { readonly clock: Clock; thaw(): void; pass(ms: number): void } {
  let isFrozen = true;
  let passedMs = 0;
  return {
    clock: {
      now: () => systemClock.now() + passedMs,
      monotonic: () => systemClock.monotonic() + passedMs,
      schedule: (run, delayMs) => (isFrozen ? () => {} : systemClock.schedule(run, delayMs)),
    },
    thaw() {
      isFrozen = false;
    },
    pass(ms) {
      passedMs += ms;
    },
  };
}
