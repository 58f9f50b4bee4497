import assert from "node:assert/strict";
import {
  type ConformanceCase,
  createReferenceHandler,
  createScriptedHandler,
  createVirtualClock,
  rejects,
  type ScriptedMethod,
  simulateNetwork,
  started,
} from "sessionwire/testing";
import { bytes, type Subject } from "./law.ts";

type Parts = Pick<Subject, "withTimeout" | "withConnectionCheck">;

const create = { replaces: undefined, ttlSeconds: 3600 };
const never = () => new Promise<never>(() => {});

/** The promises of `withTimeout` that no other decorator makes. */
export function timeoutCases(parts: Parts): ConformanceCase[] {
  return Object.entries(checks).map(([name, check]) => ({
    name,
    law: Number(/\(law (\d+)\)$/.exec(name)?.[1]),
    run: () => check(parts),
  }));
}

const checks: Readonly<Record<string, (parts: Parts) => Promise<void>>> = {
  async "withTimeout settles every call by its deadline, whatever the handler inside does (law 38)"({ withTimeout }) {
    const clock = createVirtualClock();
    const handler = withTimeout(hangingHandler(), { timeoutMs: 500, clock });
    const calls = [
      rejects(handler.read("a"), "timeout"),
      rejects(handler.write("a", bytes("x"), create), "timeout", "unknown"),
      rejects(handler.touch("a", 60), "timeout", "unknown"),
      rejects(handler.destroy("a"), "timeout", "unknown"),
      rejects(handler.ping(), "timeout"),
      rejects(handler.reconnect(), "timeout"),
    ];
    let settled = 0;
    const note = () => {
      settled += 1;
    };
    for (const call of calls) call.then(note, note);
    await clock.advance(499);
    assert.equal(settled, 0);
    await clock.advance(1);
    await Promise.all(calls);
    const closing = rejects(handler.close(), "timeout");
    await clock.advance(500);
    await closing;
    assert.equal(clock.pending, 0);
  },
  async "withTimeout tells the handler inside to give up, and drops what it says later (law 38)"({ withTimeout }) {
    const clock = createVirtualClock();
    const signals: (AbortSignal | undefined)[] = [];
    const slow = Object.assign(hangingHandler(), {
      read(_id: string, options?: { signal?: AbortSignal | undefined }) {
        signals.push(options?.signal);
        return new Promise<never>((_, reject) => clock.schedule(() => reject(new Error("late")), 1000));
      },
    });
    const handler = withTimeout(slow, { timeoutMs: 500, clock });
    const call = rejects(handler.read("a"), "timeout");
    await clock.advance(500);
    await call;
    assert.deepEqual(
      signals.map((signal) => signal?.aborted),
      [true],
    );
    await clock.advance(1000);
  },
  async "withTimeout refuses limits that are no whole number of milliseconds from 1 to 2^31 - 1, and unknown options (law 38)"({
    withTimeout,
  }) {
    const handler = createReferenceHandler();
    for (const timeoutMs of [0, -1, 0.5, Number.NaN, Infinity, 2 ** 31, "5" as never, null as never]) {
      assert.throws(() => withTimeout(handler, { timeoutMs }), RangeError);
    }
    for (const wrong of [{ timeout: 5 }, 500, null, "1 s"] as never[]) {
      assert.throws(() => withTimeout(handler, wrong), TypeError);
    }
  },
  async "of several deadlines around each other, the shortest one counts (law 108)"({ withTimeout }) {
    for (const [outerMs, innerMs] of [
      [300, 700],
      [700, 300],
    ] as const) {
      const clock = createVirtualClock();
      const inner = withTimeout(hangingHandler(), { timeoutMs: innerMs, clock });
      let isSettled = false;
      const call = rejects(withTimeout(inner, { timeoutMs: outerMs, clock }).read("a"), "timeout").finally(() => {
        isSettled = true;
      });
      await clock.advance(299);
      assert.equal(isSettled, false);
      await clock.advance(1);
      await call;
      assert.equal(clock.pending, 0);
    }
  },
  async "a deadline around a connection check limits the waiting for the check, and what was waiting is never sent (law 108)"({
    withTimeout,
    withConnectionCheck,
  }) {
    const clock = createVirtualClock();
    const network = simulateNetwork({ clock, timeoutMs: 2000 });
    const handler = withTimeout(withConnectionCheck(network.handler, { clock }), { timeoutMs: 500, clock });
    const creating = handler.write("a", bytes("x"), create);
    await clock.advance(20);
    await creating;
    await clock.advance(20_000);
    network.silence();
    const before = started(network, "operation");
    const call = rejects(handler.touch("a", 60), "timeout", "unknown");
    await clock.advance(500);
    await call;
    await clock.advance(10_000);
    assert.equal(started(network, "operation"), before);
  },
};

/** Never answers anything. */
function hangingHandler() {
  const handler = createScriptedHandler(createReferenceHandler());
  for (const method of ["read", "write", "touch", "destroy", "reconnect"] satisfies ScriptedMethod[]) {
    handler.next(method, never, 2);
  }
  return Object.assign(handler, { ping: never, close: never });
}
