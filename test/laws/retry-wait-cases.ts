import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import { type ConformanceCase, createVirtualClock, rejects, settled } from "sessionwire/testing";
import type { Subject } from "./law.ts";
import { type NamedChecks, namedCases } from "./named-cases.ts";
import { createTroubledHandler, failing, operations } from "./troubled-handler.ts";

type Parts = Pick<Subject, "withRetry" | "withTimeout">;

/** What ends while a call waits for its next attempt behind `withRetry`. */
export function retryWaitCases(parts: Parts): ConformanceCase[] {
  return namedCases(checks, parts);
}

const checks: NamedChecks<Parts> = {
  async "an abort during a wait ends the call in the same turn; nothing is sent any more, and no timer is left (law 134)"(
    parts,
  ) {
    for (const { changes, make } of operations) {
      const outcome = changes ? "not-applied" : undefined;
      const { clock, handler, times } = setUp(parts, failing(1, "unavailable", outcome));
      const abortion = new AbortController();
      const call = rejects(make(handler, { signal: abortion.signal }), "aborted", outcome);
      await settled();
      assert.equal(clock.pending, 1);
      abortion.abort();
      await call;
      await settled();
      assert.equal(clock.pending, 0);
      await clock.advance(10_000);
      assert.equal(times.length, 1);
    }
  },
  async "a deadline around it ends the wait; nothing is sent any more, and no timer is left (law 134)"(parts) {
    for (const { changes, make } of operations) {
      const outcome = changes ? "not-applied" : undefined;
      const { clock, handler, times } = setUp(parts, failing(1, "unavailable", outcome), { baseDelayMs: 1000 });
      const limited = parts.withTimeout(handler, { clock, timeoutMs: 300 });
      const call = rejects(make(limited), "timeout", changes ? "unknown" : undefined);
      await clock.advance(300);
      await call;
      await settled();
      assert.equal(clock.pending, 0);
      await clock.advance(10_000);
      assert.equal(times.length, 1);
    }
  },
  async "a close during a wait ends the call; nothing is sent any more, and no timer is left (law 134)"(parts) {
    for (const { changes, make } of operations) {
      const outcome = changes ? "not-applied" : undefined;
      const { clock, handler, times } = setUp(parts, failing(1, "unavailable", outcome));
      const call = rejects(make(handler), "closed", outcome);
      await settled();
      await handler.close();
      await call;
      assert.equal(clock.pending, 0);
      await clock.advance(10_000);
      assert.equal(times.length, 1);
    }
  },
  async "a call that is given up while the handler inside has it leaves no timer, whatever that says then (law 134)"(
    parts,
  ) {
    for (const end of ["abort", "close"] as const) {
      const clock = createVirtualClock();
      const { handler: inner } = createTroubledHandler(clock, () => undefined);
      let fail: (error: Error) => void = () => {};
      const read = () =>
        new Promise<never>((_, reject) => {
          fail = reject;
        });
      const handler = parts.withRetry({ ...inner, read }, { clock, random: () => 0.5 });
      const abortion = new AbortController();
      const call = assert.rejects(handler.read("a", { signal: abortion.signal }));
      const closing = end === "close" ? handler.close() : abortion.abort();
      fail(new SessionError("unavailable", "Gone."));
      await call;
      await closing;
      await settled();
      assert.equal(clock.pending, 0);
    }
  },
};

type Options = Parameters<Parts["withRetry"]>[1];

/** Behind a jitter that takes half of each maximum. */
function setUp({ withRetry }: Parts, fail: (call: number) => Error | undefined, options?: Options) {
  const clock = createVirtualClock();
  const { handler: inner, times } = createTroubledHandler(clock, fail);
  return { clock, times, handler: withRetry(inner, { clock, random: () => 0.5, ...options }) };
}
