import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import { type ConformanceCase, rejects, settled } from "sessionwire/testing";
import { bytes, text } from "../laws/law.ts";
import { type NamedChecks, namedCases } from "../laws/named-cases.ts";
import {
  changes,
  create,
  createLockedStore,
  type Fate,
  key,
  type LockParts,
  lockKey,
  onSession,
} from "./locked-store.ts";

/** The promises of `withPhpLocks` that no other decorator makes: whose turn it is. */
export function lockCases(parts: LockParts): ConformanceCase[] {
  return namedCases(checks, parts);
}

const checks: NamedChecks<LockParts> = {
  async "a change waits while PHP holds the lock, is then made under a lock of its own, and leaves none (law 146)"(
    parts,
  ) {
    for (const { method, make } of changes) {
      const { clock, handler, received, lockAsPhp, isLocked } = createLockedStore(parts);
      const release = await lockAsPhp();
      const change = make(handler);
      await clock.advance(3000);
      assert.deepEqual(onSession(received), []);
      await release();
      await clock.advance(100);
      await change;
      assert.deepEqual(onSession(received), [method]);
      assert.equal(await isLocked(), false);
      assert.equal(clock.pending, 0);
    }
  },
  async "a change that PHP keeps waiting for too long was not made, and PHP still has its lock (law 146)"(parts) {
    for (const { make } of changes) {
      for (const waitMs of [0, 1, 700, 5000]) {
        const { clock, handler, received, lockAsPhp, store } = createLockedStore(parts, undefined, { waitMs });
        await lockAsPhp();
        const change = rejects(make(handler), "timeout", "not-applied");
        await clock.advance(waitMs);
        await change;
        assert.deepEqual(onSession(received), []);
        assert.equal(text((await store.read(lockKey))?.data), "host|7");
        assert.equal(clock.pending, 0);
      }
    }
  },
  async "a change that waits asks often at first, and less and less often (law 146)"(parts) {
    const { clock, handler, received, lockAsPhp } = createLockedStore(parts);
    await lockAsPhp();
    const change = rejects(changes[0]?.make(handler) ?? Promise.resolve(), "timeout", "not-applied");
    await clock.advance(50);
    assert.ok(received.length >= 4, `${received.length} in the first 50 ms`);
    await clock.advance(5000);
    await change;
    assert.ok(received.length < 130, `${received.length} in 5 s`);
  },
  async "of changes of one session in one process, each is made alone and in turn, and none waits for the clock (law 146)"(
    parts,
  ) {
    let inside = 0;
    const { clock, handler, received, isLocked } = createLockedStore(parts, ({ method, id }) => {
      if (id !== lockKey) return undefined;
      inside += method === "write" ? 1 : -1;
      assert.equal(inside, method === "write" ? 1 : 0);
      return undefined;
    });
    await Promise.all(Array.from({ length: 20 }, (_, index) => handler.write(key, bytes(`${index}`), create)));
    assert.equal(onSession(received).length, 20);
    assert.equal(await isLocked(), false);
    assert.equal(clock.pending, 0);
  },
  async "sessions do not wait for each other, and reads, touches and listings never wait (law 146)"(parts) {
    const { handler, lockAsPhp, clock, store } = createLockedStore(parts);
    await store.write(key, bytes("old"), create);
    await lockAsPhp();
    const waiting = rejects(handler.destroy(key), "timeout", "not-applied");
    assert.equal((await handler.write(`${key}x`, bytes("other"), create)).written, true);
    assert.equal(text((await handler.read(key, { ttlSeconds: 60 }))?.data), "old");
    assert.equal(await handler.touch(key, 60), true);
    assert.deepEqual([...(await handler.list()).ids].sort(), [key, `${key}x`]);
    await clock.advance(5000);
    await waiting;
  },
  async "while a change is made, the lock has the key that PHP checks, for longer than the change may take (law 147)"(
    parts,
  ) {
    for (const { lockOf, key: session, ...options } of styles) {
      for (const { answer, method } of slowChanges()) {
        const { clock, handler, store } = createLockedStore(
          parts,
          ({ id, ...call }) => (id === session && call.method === method ? { before: answer.promise } : undefined),
          options,
        );
        const change = method === "write" ? handler.write(session, bytes("new"), create) : handler.destroy(session);
        await clock.advance(4999);
        assert.notEqual(await store.read(lockOf), undefined);
        const asPhp = await store.write(lockOf, bytes("host|7"), create);
        assert.equal(asPhp.written, false);
        answer.give();
        await change;
        assert.equal(await store.read(lockOf), undefined);
      }
    }
  },
  async "no two locks have the same content, so that none is taken for another (law 147)"(parts) {
    const seen = new Set<string | undefined>();
    const { handler, store } = createLockedStore(parts, ({ id, method }) => {
      if (id === key && method === "write") store.read(lockKey).then((lock) => seen.add(text(lock?.data)));
      return undefined;
    });
    for (let index = 0; index < 20; index += 1) await handler.write(key, bytes("new"), create);
    await settled();
    assert.equal(seen.size, 20);
    assert.ok([...seen].every((value) => value !== undefined && value !== "1"));
  },
  async "what is no session of PHP, or is a lock, is not locked (law 147)"(parts) {
    for (const id of ["turn:a", "PHPREDIS_SESSION:", lockKey, `${key.slice(0, 18)}${"x".repeat(1003)}`]) {
      const { handler, received } = createLockedStore(parts);
      await handler.write(id, bytes("new"), create);
      await handler.destroy(id);
      assert.deepEqual(
        received.map(({ method, id: of }) => [method, of]),
        [
          ["write", id],
          ["destroy", id],
        ],
      );
    }
  },
  async "locks of any process are left out of listings, and no session is (law 147)"(parts) {
    for (const { lockOf, key: session, ...options } of styles) {
      const { handler, store } = createLockedStore(parts, undefined, options);
      const sessions = [session, `${session}2`, "other", "x_LOCK", "y.lock"];
      for (const id of [...sessions, lockOf]) await store.write(id, bytes("new"), create);
      assert.deepEqual([...(await handler.list()).ids].sort(), sessions.sort());
    }
  },
};

const styles = [
  { style: "phpredis", key, lockOf: lockKey },
  { style: "phpredis", prefix: "p:", key: "p:abc", lockOf: "p:abc_LOCK" },
  { style: "memcached", key: "memc.sess.key.abc", lockOf: "memc.sess.key.lock.abc" },
  { style: "memcached", prefix: "", key: "abc", lockOf: "lock.abc" },
  { style: "snc", key: "sessionabc", lockOf: "sessionabc.lock" },
  { style: "snc", prefix: "snc:", key: "snc:abc", lockOf: "snc:abc.lock" },
] as const;

function slowChanges() {
  return (["write", "destroy"] as const).map((method) => ({ method, answer: answerLater() }));
}

/** An answer that the store gives when it is told to. */
export function answerLater(): { readonly promise: Promise<void>; give(): void } {
  let give = () => {};
  const promise = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { promise, give: () => give() };
}

/** A failure of the store with this outcome. */
export function failure(outcome: "not-applied" | "unknown"): Fate {
  return new SessionError("unavailable", "It is in trouble.", { outcome });
}
