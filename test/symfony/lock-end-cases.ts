import assert from "node:assert/strict";
import { type ConformanceCase, rejects, settled } from "sessionwire/testing";
import { bytes, text } from "../laws/law.ts";
import { type NamedChecks, namedCases } from "../laws/named-cases.ts";
import { answerLater, failure } from "./lock-cases.ts";
import { changes, create, createLockedStore, key, type LockParts, lockKey, onSession } from "./locked-store.ts";

/** How locks of `withPhpLocks` end, and what happens without one. */
export function lockEndCases(parts: LockParts): ConformanceCase[] {
  return namedCases(checks, parts);
}

const checks: NamedChecks<LockParts> = {
  async "the lock is released when the change is made, refused or fails, before the caller is answered (law 148)"(
    parts,
  ) {
    for (const { method, make } of changes) {
      for (const outcome of [undefined, "not-applied", "unknown"] as const) {
        const { handler, isLocked, received } = createLockedStore(parts, ({ id, ...call }) =>
          outcome && id === key && call.method === method ? failure(outcome) : undefined,
        );
        if (outcome) await rejects(make(handler), "unavailable", outcome);
        else for (let times = 0; times < 2; times += 1) await make(handler);
        assert.equal(received.at(-1)?.id, lockKey);
        assert.equal(await isLocked(), false);
      }
    }
  },
  async "a caller who gives up while waiting for PHP is answered at once, and leaves no timer and no lock (law 148)"(
    parts,
  ) {
    for (const { make } of changes) {
      for (const end of ["abort", "close"] as const) {
        const { clock, handler, received, lockAsPhp, store } = createLockedStore(parts);
        const release = await lockAsPhp();
        const abortion = new AbortController();
        const change = rejects(
          make(handler, { signal: abortion.signal }),
          end === "abort" ? "aborted" : "closed",
          "not-applied",
        );
        await clock.advance(1);
        if (end === "abort") abortion.abort();
        else await handler.close();
        await change;
        await settled();
        assert.equal(clock.pending, 0);
        if (end === "close") continue; // the reference store is closed as well
        await release();
        await clock.advance(10_000);
        assert.deepEqual(onSession(received), []);
        assert.equal(await store.read(lockKey), undefined);
      }
    }
  },
  async "a caller who gives up while another change of the process is made lets those behind go on (law 148)"(parts) {
    const answer = answerLater();
    let calls = 0;
    const { clock, handler, isLocked } = createLockedStore(parts, ({ id }) => {
      if (id !== key) return undefined;
      calls += 1;
      return calls === 1 ? { before: answer.promise } : undefined;
    });
    const first = handler.write(key, bytes("first"), create);
    await settled();
    const abortion = new AbortController();
    const second = rejects(handler.destroy(key, { signal: abortion.signal }), "aborted", "not-applied");
    const third = handler.destroy(key);
    await settled();
    abortion.abort();
    await second;
    await settled();
    assert.equal(calls, 1);
    answer.give();
    assert.equal((await first).written, true);
    assert.deepEqual(await third, { destroyed: true });
    assert.equal(await isLocked(), false);
    assert.equal(clock.pending, 0);
  },
  async "a caller who gives up while the lock is taken or the change is made leaves no lock (law 148)"(parts) {
    for (const { make } of changes) {
      for (const at of [lockKey, key]) {
        const answer = answerLater();
        const { clock, handler, isLocked, received } = createLockedStore(parts, ({ id }) =>
          id === at ? { after: answer.promise } : undefined,
        );
        const abortion = new AbortController();
        const change = rejects(
          make(handler, { signal: abortion.signal }),
          "aborted",
          at === key ? "unknown" : "not-applied",
        );
        await settled();
        abortion.abort();
        await change;
        answer.give();
        await settled();
        assert.equal(await isLocked(), false);
        assert.equal(onSession(received).length, at === key ? 1 : 0);
        assert.equal(clock.pending, 0);
      }
    }
  },
  async "a close releases the locks of changes under way (law 148)"(parts) {
    const { handler, received } = createLockedStore(parts, ({ id }) =>
      id === key ? { before: answerLater().promise } : undefined,
    );
    const change = rejects(handler.write(key, bytes("new"), create), "closed", "unknown");
    await settled();
    await handler.close();
    await change;
    assert.deepEqual(
      received.map(({ method, id }) => [method, id]),
      [
        ["write", lockKey],
        ["write", key],
        ["destroy", lockKey],
      ],
    );
  },
  async "a close ends the calls under way even if the store does not answer any more (law 148)"(parts) {
    const { clock, handler } = createLockedStore(parts, ({ id, method }) =>
      id === key || method === "destroy" ? { before: answerLater().promise } : undefined,
    );
    const change = rejects(handler.write(key, bytes("new"), create), "closed", "unknown");
    await settled();
    const closing = handler.close();
    await clock.advance(1000);
    await change;
    await closing;
    assert.equal(clock.pending, 0);
  },
  async "if the lock cannot be released, the change has its own result, and the lock ends by itself (law 148)"(parts) {
    const { clock, handler, isLocked } = createLockedStore(parts, ({ id, method }) =>
      id === lockKey && method === "destroy" ? failure("not-applied") : undefined,
    );
    assert.equal((await handler.write(key, bytes("new"), create)).written, true);
    await clock.advance(9_999);
    assert.equal(await isLocked(), true);
    await clock.advance(1);
    assert.equal(await isLocked(), false);
  },
  async "a lock that has ended by itself and is another's by now is left alone (law 148)"(parts) {
    const answer = answerLater();
    const { clock, handler, store, lockAsPhp } = createLockedStore(parts, ({ id, method }) =>
      id === lockKey && method === "destroy" ? { before: answer.promise } : undefined,
    );
    const change = handler.write(key, bytes("new"), create);
    await settled();
    clock.suspend(20_000);
    await store.destroy(lockKey); // its time is over
    await lockAsPhp();
    answer.give();
    await change;
    assert.equal(text((await store.read(lockKey))?.data), "host|7");
  },
  async "if the lock cannot be taken, the change is not made, and says so (law 149)"(parts) {
    for (const { make } of changes) {
      for (const outcome of ["not-applied", "unknown"] as const) {
        const { clock, handler, received } = createLockedStore(parts, ({ id, method }) =>
          id === lockKey && method === "write" ? failure(outcome) : undefined,
        );
        await rejects(make(handler), "unavailable", "not-applied");
        await settled();
        assert.deepEqual(onSession(received), []);
        assert.equal(clock.pending, 0);
      }
    }
  },
  async "a lock whose creation was not confirmed is removed, and no other one (law 149)"(parts) {
    for (const isOther of [false, true]) {
      const answer = answerLater();
      const { clock, handler, received, store, lockAsPhp } = createLockedStore(parts, ({ id, method }) =>
        id === lockKey && method === "write" ? { after: answer.promise } : undefined,
      );
      const change = rejects(handler.write(key, bytes("new"), create), "timeout", "not-applied");
      await settled();
      if (isOther) {
        await store.destroy(lockKey);
        await lockAsPhp();
      }
      await clock.advance(5000);
      await change;
      await settled();
      assert.equal(text((await store.read(lockKey))?.data), isOther ? "host|7" : undefined);
      assert.deepEqual(onSession(received), []);
    }
  },
  async "a change is not sent when most of the lock's time has passed, and takes a new one (law 149)"(parts) {
    for (const pass of ["suspend", "advance"] as const) {
      const answer = answerLater();
      let locks = 0;
      const { clock, handler, received, isLocked } = createLockedStore(
        parts,
        ({ id, method }) => {
          if (id !== lockKey || method !== "write") return undefined;
          locks += 1;
          return locks === 1 ? { after: answer.promise } : undefined;
        },
        { waitMs: 60_000 },
      );
      const change = handler.write(key, bytes("new"), create);
      if (pass === "suspend") clock.suspend(9_000);
      else await clock.advance(4_999);
      if (pass === "advance") clock.suspend(1);
      await settled();
      answer.give();
      await settled();
      assert.deepEqual(onSession(received), []);
      await clock.advance(1000);
      assert.equal((await change).written, true);
      assert.equal(locks, 2);
      assert.equal(await isLocked(), false);
    }
  },
  async "a change that is not answered within half of the lock's time ends, and sends nothing after it (law 149)"(
    parts,
  ) {
    const { clock, handler, received } = createLockedStore(
      parts,
      ({ id }) => (id === key ? { before: answerLater().promise } : undefined),
      { lockSeconds: 4 },
    );
    const change = rejects(handler.write(key, bytes("new"), create), "timeout", "unknown");
    await clock.advance(1999);
    assert.deepEqual(onSession(received), ["write"]);
    await clock.advance(1);
    await change;
    assert.deepEqual(onSession(received), ["write"]);
  },
};
