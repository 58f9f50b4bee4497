import assert from "node:assert/strict";
import { type Outcome, SessionError, type SessionErrorCode } from "sessionwire";
import { type ConformanceCase, createVirtualClock, rejects } from "sessionwire/testing";
import { bytes, type Subject, text } from "./law.ts";
import { type NamedChecks, namedCases } from "./named-cases.ts";
import { createTroubledHandler, failing, operations } from "./troubled-handler.ts";

type Parts = Pick<Subject, "withRetry">;

const create = { replaces: undefined, ttlSeconds: 3600 };
const passing: readonly SessionErrorCode[] = ["unavailable", "timeout", "overloaded", "read-only"];
const lasting: readonly SessionErrorCode[] = [
  ...(["aborted", "closed", "conflict", "gone", "invalid-id", "too-large"] as const),
  ...(["too-many", "unauthorized", "corrupt", "failed"] as const),
];

/** The promises of `withRetry` that no other decorator makes. */
export function retryCases(parts: Parts): ConformanceCase[] {
  return namedCases(checks, parts);
}

const checks: NamedChecks<Parts> = {
  async "what was not applied, reads and listings are tried again until they succeed, or to the last attempt (law 132)"(
    parts,
  ) {
    for (const { changes, make } of operations) {
      for (const code of passing) {
        const outcome = changes ? "not-applied" : undefined;
        for (const failures of [1, 3, 4]) {
          const { clock, handler, times } = setUp(parts, failing(failures, code, outcome), { attempts: 4 });
          const call = make(handler);
          call.catch(() => {});
          await clock.advance(10_000);
          assert.equal(times.length, Math.min(4, failures + 1));
          if (failures < 4) await call;
          else await rejects(call, code, outcome);
        }
      }
    }
  },
  async "a change that may have been applied, and a failure that does not pass, are not tried again (law 132)"(parts) {
    for (const { changes, make } of operations) {
      const failures: [SessionErrorCode, Outcome | undefined][] = lasting.map((code) => [code, "not-applied"]);
      if (changes) failures.push(...passing.map((code) => [code, "unknown"] as [SessionErrorCode, Outcome]));
      for (const [code, outcome] of failures) {
        const { clock, handler, times } = setUp(parts, failing(1, code, outcome));
        await rejects(make(handler), code, outcome);
        await clock.advance(10_000);
        assert.equal(times.length, 1);
      }
    }
  },
  async "an outcome that is unknown at a later attempt is the last one (law 132)"(parts) {
    const outcomes: readonly Outcome[] = ["not-applied", "unknown", "not-applied"];
    const fail = (call: number) => new SessionError("unavailable", "Gone.", { outcome: outcomes[call - 1] });
    const { clock, handler, times } = setUp(parts, fail);
    const touch = rejects(handler.touch("a", 60), "unavailable", "unknown");
    await clock.advance(10_000);
    await touch;
    assert.equal(times.length, 2);
  },
  async "the next attempt has the arguments of the call, whatever the caller does with them meanwhile (law 132)"(
    parts,
  ) {
    const { clock, handler } = setUp(parts, failing(2, "unavailable", "not-applied"));
    const data = bytes("data");
    const options = { ...create };
    const writing = handler.write("a", data, options);
    data.fill(0);
    options.ttlSeconds = 1;
    await clock.advance(2000);
    assert.equal((await writing).written, true);
    assert.equal(text((await handler.read("a"))?.data), "data");
  },
  async "a wait is a random part of a maximum that doubles up to its limit, after what the store asks for (law 132)"(
    parts,
  ) {
    for (const [random, waits] of [
      [0, [0, 0, 0, 0]],
      [0.5, [50, 100, 125, 125]],
      [0.9999, [100, 200, 250, 250]],
    ] as const) {
      for (const retryAfterMs of [undefined, 250]) {
        const fail = () => new SessionError("overloaded", "Too much.", { retryAfterMs });
        const options = { attempts: 5, maxDelayMs: 250, random: () => random };
        const { clock, handler, times } = setUp(parts, fail, options);
        const reading = rejects(handler.read("a"), "overloaded");
        await clock.advance(5000);
        await reading;
        const waited = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0)));
        assert.deepEqual(
          waited,
          waits.map((wait) => wait + (retryAfterMs ?? 0)),
        );
      }
    }
  },
  async "a call is not tried again if the store asks for a longer wait than the maximum (law 132)"(parts) {
    const fail = () => new SessionError("overloaded", "Too much.", { retryAfterMs: 1001 });
    const { clock, handler, times } = setUp(parts, fail);
    await rejects(handler.read("a"), "overloaded");
    await clock.advance(10_000);
    assert.equal(times.length, 1);
  },
  async "of all callers together, retries are never more than the budget plus a tenth of the calls (law 133)"(parts) {
    const budget = 7;
    const { clock, handler, times } = setUp(parts, failing(Infinity, "unavailable", undefined), {
      budget,
      attempts: 9,
    });
    let calls = 0;
    for (const callers of [1, 200, 3, 50, 1, 1, 1, 400]) {
      const reads = Array.from({ length: callers }, () => rejects(handler.read("a"), "unavailable"));
      calls += callers;
      for (let waited = 0; waited < 20; waited += 1) {
        await clock.advance(1000);
        assert.ok(times.length - calls <= budget + calls / 10, `${times.length} attempts for ${calls} calls`);
      }
      await Promise.all(reads);
    }
    assert.ok(times.length - calls >= 3 * budget, "The budget is hardly used.");
  },
  async "a budget that was used up comes back with calls, and not beyond its maximum (law 133)"(parts) {
    let isDown = true;
    const fail = () => (isDown ? new SessionError("unavailable", "Gone.") : undefined);
    const { clock, handler, times } = setUp(parts, fail, { budget: 2, attempts: 2 });
    const retriesOf = async (calls: number) => {
      const before = times.length;
      const all = Promise.allSettled(Array.from({ length: calls }, () => handler.read("a")));
      await clock.advance(10_000);
      await all;
      return times.length - before - calls;
    };
    assert.equal(await retriesOf(5), 2);
    isDown = false;
    await retriesOf(500);
    isDown = true;
    assert.equal(await retriesOf(5), 2);
    assert.equal(await retriesOf(5), 0);
    assert.equal(await retriesOf(5), 1);
  },
};

type Options = Parameters<Parts["withRetry"]>[1];

/** Behind a jitter that takes half of each maximum. */
function setUp({ withRetry }: Parts, fail: (call: number) => Error | undefined, options?: Options) {
  const clock = createVirtualClock();
  const { handler: inner, times } = createTroubledHandler(clock, fail);
  return { clock, times, handler: withRetry(inner, { clock, random: () => 0.5, ...options }) };
}
